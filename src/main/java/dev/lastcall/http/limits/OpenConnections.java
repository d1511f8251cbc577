package dev.lastcall.http.limits;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The clients' connections of one server. One more than {@code max-connections} closes the one of its event loop that has idled longest, or is closed
 * itself where none idles. Methods that take a channel are called on the channel's event loop; the rest is thread-safe.
 */
final class OpenConnections {
    private final HttpLimits limits;
    private final LimitCounts counts;
    private final HeadBudget heads;
    private final AtomicInteger open = new AtomicInteger();
    /** The one that has idled longest is the first. Each set belongs to its event loop. */
    private final Map<EventLoop, Set<Channel>> idle = new ConcurrentHashMap<>();

    OpenConnections(HttpLimits limits, LimitCounts counts) {
        this(limits, counts, HeadBudget.ofThisHeap());
    }

    OpenConnections(HttpLimits limits, LimitCounts counts, HeadBudget heads) {
        this.limits = limits;
        this.heads = heads;
        this.counts = counts;
    }

    HttpLimits limits() {
        return limits;
    }

    HeadBudget heads() {
        return heads;
    }

    void opened(Channel channel) {
        Set<Channel> idling = idleOf(channel);
        idling.add(channel);
        int now = open.incrementAndGet();
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            idling.remove(channel);
        });
        if (now > limits.maxConnections()) {
            counts.surplusConnections.increment();
            // The new one is in it, as the last.
            Iterator<Channel> oldest = idling.iterator();
            Channel surplus = oldest.next();
            oldest.remove();
            var unused = surplus.close();
        }
    }

    /** A request has begun. */
    void busy(Channel channel) {
        idleOf(channel).remove(channel);
    }

    /** There is no request any more. */
    void idle(Channel channel) {
        if (channel.isActive()) {
            idleOf(channel).add(channel);
        }
    }

    private Set<Channel> idleOf(Channel channel) {
        return idle.computeIfAbsent(channel.eventLoop(), first -> new LinkedHashSet<>());
    }

    /** A request's head took too long. */
    void slow() {
        counts.slowHeads.increment();
    }

    /** A client took nothing of its answer. */
    void stalled() {
        counts.stalledWrites.increment();
    }
}
