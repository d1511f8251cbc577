package dev.lastcall.fleet;

import dev.lastcall.drain.Time;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The statuses seen, and when each was first seen: a pod whose status does not change counts as silent, also if it is Redis that is silent.
 * Clocks of other machines are not used. Thread-safe.
 */
final class PeerLiveness {
    private record Seen(PeerStatus sign, long at) {}

    private final Time time;
    private final Duration expiry;
    private Map<String, Seen> seen = Map.of();

    PeerLiveness(Time time, Duration expiry) {
        this.time = time;
        this.expiry = expiry;
    }

    /** All signs that are there now; who is not among them is gone. */
    synchronized void note(List<PeerStatus> signs) {
        long now = time.nanoTime();
        Map<String, Seen> current = new HashMap<>();
        for (PeerStatus sign : signs) {
            Seen before = seen.get(sign.instance());
            boolean isOld = before != null && before.sign().beat() == sign.beat();
            current.put(sign.instance(), isOld ? Objects.requireNonNull(before) : new Seen(sign, now));
        }
        seen = current;
    }

    /** Returns the living peers, ordered by name. */
    synchronized List<Peer> peers() {
        long now = time.nanoTime();
        return seen.values().stream()
                .filter(each -> now - each.at() < expiry.toNanos())
                .map(each -> each.sign().seen(Duration.ofNanos(now - each.at())))
                .sorted(Comparator.comparing(Peer::pod).thenComparing(Peer::instance))
                .toList();
    }
}
