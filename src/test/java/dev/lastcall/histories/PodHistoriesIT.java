package dev.lastcall.histories;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random histories of operators, kubelets, signals and clients against the packaged application in its three seats. The properties are those of
 * {@link HistoriesTest}, and {@code -Dlastcall.histories.lives=6} lets so many processes live at once. A seed says what is done and not how its
 * races end: a violation is shown with everything that happened.
 */
class PodHistoriesIT {
    private static final Duration LENGTH = Duration.parse(System.getProperty("lastcall.histories", "PT20S"));
    private static final int LIVES = Integer.getInteger("lastcall.histories.lives", PodSeat.Kind.values().length);
    private static final long FIRST = Long.getLong("lastcall.histories.seed", 1);

    private final Vertx clients = Vertx.vertx();
    private final Collection<Sink> seen = new ConcurrentLinkedQueue<>();

    /** So many processes live side by side: most of a history is waiting. */
    @Test
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void nothingIsLostWhateverHappensToAProcess() {
        long end = System.nanoTime() + LENGTH.toNanos();
        List<CompletableFuture<Long>> lives = LongStream.range(FIRST, FIRST + LIVES)
                .mapToObj(first -> CompletableFuture.supplyAsync(
                        () -> play(first, LIVES, end), command -> new Thread(command, "seed-" + first).start()))
                .toList();
        try {
            lives.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            Throwable violation = Objects.requireNonNull(e.getCause());
            throw new AssertionError(violation.getMessage(), violation);
        } finally {
            Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(
                        outcome,
                        seen.stream().mapToLong(sink -> sink.count(outcome)).sum());
            }
            System.out.println(
                    "histories of processes: from seed " + FIRST + ", " + seen.size() + " rounds " + outcomes);
            clients.close();
        }
    }

    /** Plays every so many seeds until the time is over; returns the last one. */
    private long play(long first, int step, long end) {
        long seed = first;
        try {
            for (; seed == first || System.nanoTime() < end; seed += step) {
                List<String> violations = PodHistory.of(seed).happen(clients, seen);
                if (!violations.isEmpty()) {
                    throw new AssertionError("seed " + seed + ": " + String.join("\n", violations));
                }
            }
            return seed - step;
        } catch (InterruptedException | IOException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }
}
