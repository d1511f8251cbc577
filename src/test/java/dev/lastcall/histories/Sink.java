package dev.lastcall.histories;

import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The outcomes of all exchanges of a history. Thread-safe. */
final class Sink {
    private final Collection<Seen> all = new ConcurrentLinkedQueue<>();

    /** The end of one exchange. */
    record Seen(Client client, Outcome outcome, String detail, Instant at) {
        @Override
        public String toString() {
            return client + " " + outcome + (detail.isEmpty() ? "" : " " + detail);
        }
    }

    void add(Client client, Outcome outcome, String detail) {
        all.add(new Seen(client, outcome, detail, Instant.now()));
    }

    long count(Outcome outcome) {
        return count(seen -> seen.outcome() == outcome);
    }

    long count(Predicate<Seen> which) {
        return all.stream().filter(which).count();
    }

    @Override
    public String toString() {
        return all.stream().map(Seen::toString).collect(Collectors.joining("; "));
    }
}
