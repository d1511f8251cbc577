package dev.lastcall.proxy.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Enforces the time limits of one event loop's exchanges by one periodic timer, because a timer for each would be reset with every chunk.
 * Limits are exceeded by at most a tick. On the event loop.
 */
public final class TimeoutScanner {
    private static final Duration LONGEST_TICK = Duration.ofMillis(500);

    private final List<Watch> watches = new ArrayList<>();
    private final long idleNanos;
    private final long wholeNanos;
    private final long sendNanos;
    private final Duration tick;
    private long now = System.nanoTime();

    /** The listener that hears of a limit that is reached. */
    public interface Listener {
        /** Tells that nothing came in either direction, or that the exchange takes too long as a whole. */
        void timedOut();

        /** The client took nothing of what was written for it. */
        void stalled();
    }

    public TimeoutScanner(Duration idle, @Nullable Duration whole, Duration send) {
        idleNanos = idle.toNanos();
        wholeNanos = whole == null ? Long.MAX_VALUE : whole.toNanos();
        sendNanos = send.toNanos();
        Duration shorter = Duration.ofNanos(Math.min(Math.min(idleNanos, wholeNanos), sendNanos))
                .dividedBy(8);
        Duration most = shorter.compareTo(LONGEST_TICK) < 0 ? shorter : LONGEST_TICK;
        tick = most.toMillis() < 1 ? Duration.ofMillis(1) : most;
    }

    /** Returns how often {@link #tick(long)} is to be called. */
    public Duration tick() {
        return tick;
    }

    /** Watches from now on, until the watch is stopped. */
    public Watch watch(Listener listener) {
        Watch watch = new Watch(listener);
        watches.add(watch);
        return watch;
    }

    /**
     * Tells those that wait too long.
     *
     * @param time of {@link System#nanoTime()}
     */
    public void tick(long time) {
        now = time;
        // Backwards: one that is ended takes itself out, and the last one takes its place.
        for (int i = watches.size() - 1; i >= 0; i--) {
            watches.get(i).check();
        }
    }

    /** The limits of one exchange. */
    public final class Watch {
        private final Listener listener;
        // The time of the last tick is near enough for these limits and costs nothing.
        private final long began = now;
        private long lastActive = now;
        private long lastWritten = now;
        private int writing;
        private int place = watches.size();

        private Watch(Listener listener) {
            this.listener = listener;
        }

        /** Something came. */
        public void touch() {
            lastActive = now;
        }

        /** Something was written that the client is to take. */
        public void writing() {
            if (writing++ == 0) {
                lastWritten = now;
            }
        }

        /** The client took something that was written. */
        public void written() {
            writing--;
            lastWritten = now;
        }

        /** Ends the watch; once more changes nothing. */
        public void stop() {
            if (place >= 0) {
                Watch last = watches.remove(watches.size() - 1);
                if (last != this) {
                    watches.set(place, last);
                    last.place = place;
                }
                place = -1;
            }
        }

        private void check() {
            if (writing > 0 && now - lastWritten >= sendNanos) {
                listener.stalled();
            } else if (now - lastActive >= idleNanos || now - began >= wholeNanos) {
                listener.timedOut();
            }
        }
    }
}
