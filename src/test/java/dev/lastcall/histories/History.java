package dev.lastcall.histories;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryView;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** A schedule of events, and what must be true of it whenever it happens. */
record History(Seat.Kind kind, List<Event> events) {
    private static final int LONGEST = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static History of(long seed) {
        Random random = new Random(seed);
        Seat.Kind kind = seed % 2 == 0 ? Seat.Kind.SERVICE : Seat.Kind.SIDECAR;
        int length = 5 + random.nextInt(LONGEST - 5);
        return new History(
                kind, Stream.generate(() -> Event.random(random)).limit(length).toList());
    }

    History without(int index) {
        List<Event> fewer = new ArrayList<>(events);
        fewer.remove(index);
        return new History(kind, fewer);
    }

    /** Lets it happen once. Returns what was violated, empty where nothing was; the sink gets what the clients saw. */
    List<String> happen(Vertx clients, Sink sink) throws InterruptedException {
        List<String> violations = new ArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Seat seat = Seat.of(kind)) {
            for (Event event : events) {
                if (event instanceof Event.Begins begins) {
                    threads.execute(() -> begins.client().runSafely(seat.port(), clients, sink));
                } else {
                    apply(event, seat);
                }
                boolean serving = seat.drain().state() == DrainState.SERVING;
                if (seat.drain().ready() != serving) {
                    violations.add("ready=" + !serving + " in " + seat.drain().state());
                }
            }
            threads.shutdown();
            if (!threads.awaitTermination(PATIENCE.toSeconds(), SECONDS)) {
                violations.add("a client has not ended after " + PATIENCE);
            }
            if (!isEmptySoon(seat)) {
                violations.add("still in flight: "
                        + seat.inFlight().oldest(5).stream()
                                .map(EntryView::path)
                                .toList());
            }
            violations.addAll(Verdict.of(seat.inFlight().totals(), sink).violations());
        } finally {
            threads.shutdownNow();
        }
        return violations;
    }

    private static void apply(Event event, Seat seat) {
        if (event instanceof Event.Triggered triggered) {
            seat.drain().trigger(triggered.trigger());
        } else if (event instanceof Event.Undrained) {
            seat.drain().undrain();
        } else if (event instanceof Event.Expired) {
            seat.drain().expirePreStop();
        } else if (event instanceof Event.Advanced advanced) {
            seat.time().advance(Duration.ofMillis(advanced.milliseconds()));
        } else if (event instanceof Event.Paused paused) {
            Http1.pause(paused.milliseconds());
        }
        seat.time().runPending();
    }

    /** Every client is gone, so every entry ends; an end is told on an event loop of the server. */
    private static boolean isEmptySoon(Seat seat) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (seat.inFlight().count() > 0 && System.nanoTime() < end) {
            Http1.pause(5);
        }
        return seat.inFlight().count() == 0;
    }
}
