package dev.lastcall.proxy.client;

import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.http.limits.HeadBudget;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The limits of clients' connections, and the numbers of those that were ended because they went beyond them. Thread-safe. */
public final class ClientLimits {
    private static final String PREFIX = "lastcall.proxy.";

    private final Duration head;
    private final Duration send;
    private final int connections;
    private final int loops;
    private final HeadBudget heads;
    private final LongAdder stalled = new LongAdder();
    private final LongAdder surplus = new LongAdder();
    private final Map<EventLoop, ClientConnections> byLoop = new ConcurrentHashMap<>();

    /**
     * @param head for a request's head
     * @param send for a write without progress
     * @param connections of all event loops together
     */
    public ClientLimits(Duration head, Duration send, int connections, int loops) {
        this(head, send, connections, loops, HeadBudget.ofThisHeap());
    }

    public ClientLimits(Duration head, Duration send, int connections, int loops, HeadBudget heads) {
        requirePositive("head-timeout", head);
        requirePositive("send-timeout", send);
        if (connections < loops) {
            throw new IllegalArgumentException(
                    PREFIX + "max-connections: " + connections + " (expected: at least " + loops + ")");
        }
        this.head = head;
        this.send = send;
        this.connections = connections;
        this.loops = loops;
        this.heads = heads;
    }

    private static void requirePositive(String key, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    PREFIX + key + ": " + ReadableDuration.of(value) + " (expected: a duration > 0s)");
        }
    }

    Duration head() {
        return head;
    }

    HeadBudget heads() {
        return heads;
    }

    Duration send() {
        return send;
    }

    /** Returns among how many event loops the connections are shared out. */
    public int loops() {
        return loops;
    }

    int connectionsOfALoop() {
        return connections / loops;
    }

    ClientConnections of(EventLoop loop) {
        return byLoop.computeIfAbsent(loop, first -> new ClientConnections(this, first));
    }

    /** Counts a connection or stream that was ended because its client took nothing. */
    void stalled() {
        stalled.increment();
    }

    /** Counts a connection that was ended because there were too many. */
    void surplus() {
        surplus.increment();
    }

    /** Returns how many were ended because their clients took nothing. */
    public long stalledCount() {
        return stalled.sum();
    }

    /** Returns how many were ended because there were too many. */
    public long surplusCount() {
        return surplus.sum();
    }
}
