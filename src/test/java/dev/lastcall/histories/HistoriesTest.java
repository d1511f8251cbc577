package dev.lastcall.histories;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random histories of triggers, time and clients against real servers. {@code -Dlastcall.histories=PT1H} makes it long,
 * {@code -Dlastcall.histories.seed=42} begins there. A history that violates something is made as short as it can be and shown.
 */
class HistoriesTest {
    private static final Duration LENGTH = Duration.parse(System.getProperty("lastcall.histories", "PT20S"));
    private static final long FIRST = Long.getLong("lastcall.histories.seed", 1);
    private static final Duration SHRINKING = Duration.ofMinutes(2);
    private static final int TRIES = 3;

    private final Vertx clients = Vertx.vertx();

    @Test
    @Timeout(value = 24, unit = java.util.concurrent.TimeUnit.HOURS)
    void nothingIsLostWhateverHappens() throws InterruptedException {
        long end = System.nanoTime() + LENGTH.toNanos();
        long seed = FIRST;
        Map<Outcome, Long> seen = new EnumMap<>(Outcome.class);
        try {
            do {
                History history = History.of(seed);
                Sink sink = new Sink();
                List<String> violations = history.happen(clients, sink);
                for (Outcome outcome : Outcome.values()) {
                    seen.merge(outcome, sink.count(outcome), Long::sum);
                }
                if (!violations.isEmpty()) {
                    throw new AssertionError(shown(seed, violations, smallest(history, violations)));
                }
                seed++;
            } while (System.nanoTime() < end);
        } finally {
            System.out.println("histories: seeds " + FIRST + " to " + (seed - 1) + " " + seen);
            clients.close();
        }
    }

    private record Violating(History history, List<String> violations) {}

    /** Drops events as long as what is left still violates something in one of a few tries: what races does not always happen. */
    private Violating smallest(History history, List<String> violations) throws InterruptedException {
        Violating smallest = new Violating(history, violations);
        long end = System.nanoTime() + SHRINKING.toNanos();
        for (int i = history.events().size() - 1; i >= 0 && System.nanoTime() < end; i--) {
            History fewer = smallest.history().without(i);
            for (int tried = 0; tried < TRIES; tried++) {
                List<String> still = fewer.happen(clients, new Sink());
                if (!still.isEmpty()) {
                    smallest = new Violating(fewer, still);
                    break;
                }
            }
        }
        return smallest;
    }

    private static String shown(long seed, List<String> first, Violating smallest) {
        String events =
                smallest.history().events().stream().map(Object::toString).collect(Collectors.joining("\n  "));
        return "seed %d: %s%nsmallest history in the seat %s:%n  %s%n%s"
                .formatted(seed, first, smallest.history().kind(), events, String.join("\n", smallest.violations()));
    }
}
