package dev.lastcall.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of one event loop's exchanges, looked after by one timer: an alarm for each would be set and taken back with every
 * chunk. A limit is kept to a tick more. On the event loop.
 */
final class TimeoutScanner {
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);

    private final List<Relay> relays = new ArrayList<>();
    private final long idleNanos;
    private final long wholeNanos;
    private final Duration tick;
    private long now = System.nanoTime();

    TimeoutScanner(Duration idle, @Nullable Duration whole) {
        idleNanos = idle.toNanos();
        wholeNanos = whole == null ? Long.MAX_VALUE : whole.toNanos();
        Duration shorter = Duration.ofNanos(Math.min(idleNanos, wholeNanos)).dividedBy(8);
        Duration most = shorter.compareTo(LONGEST_TICK) < 0 ? shorter : LONGEST_TICK;
        tick = most.toMillis() < 1 ? Duration.ofMillis(1) : most;
    }

    Duration tick() {
        return tick;
    }

    /** The time of the last tick, which is near enough for these limits and costs nothing. */
    long now() {
        return now;
    }

    void add(Relay relay) {
        relay.place = relays.size();
        relays.add(relay);
    }

    void remove(Relay relay) {
        if (relay.place >= 0) {
            Relay last = relays.remove(relays.size() - 1);
            if (last != relay) {
                relays.set(relay.place, last);
                last.place = relay.place;
            }
            relay.place = -1;
        }
    }

    void tick(long time) {
        now = time;
        // Backwards: one that is ended takes itself out, and the last one takes its place.
        for (int i = relays.size() - 1; i >= 0; i--) {
            Relay relay = relays.get(i);
            if (time - relay.lastActive() >= idleNanos || time - relay.began() >= wholeNanos) {
                relay.timedOut();
            }
        }
    }
}
