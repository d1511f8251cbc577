package dev.lastcall.histories;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Totals;
import dev.lastcall.http.RawClient;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The life of one process: rounds of drains that are undone, and a last one that a signal ends.
 *
 * @param rounds each ends in SERVING, with every client gone
 * @param last begins with a client and has a signal as its second step at the earliest
 */
record PodHistory(PodSeat.Kind kind, List<List<PodStep>> rounds, List<PodStep> last) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = 4;
    /** Connections to the application that are kept for the next request, and files that the JVM opens late. */
    private static final int SLACK_DESCRIPTORS = 15;

    static PodHistory of(long seed) {
        Random random = new Random(seed);
        List<PodSeat.Kind> kinds = List.of(PodSeat.Kind.values());
        PodSeat.Kind kind = kinds.get((int) (seed % kinds.size()));
        List<List<PodStep>> rounds = Stream.generate(() -> steps(kind, random, 6 + random.nextInt(12)))
                .limit(ROUNDS - 1)
                .toList();
        List<PodStep> last = new ArrayList<>(steps(kind, random, 4 + random.nextInt(10)));
        last.add(random.nextInt(1 + last.size() / 2), PodStep.signal(random));
        return new PodHistory(kind, rounds, last);
    }

    private static List<PodStep> steps(PodSeat.Kind kind, Random random, int count) {
        return Stream.generate(() -> PodStep.random(kind, random)).limit(count).toList();
    }

    int count() {
        return rounds.size() + 1;
    }

    /** Lets it happen. Returns what was violated with the round in which it was, empty where nothing was; what clients saw goes to the sinks. */
    List<String> happen(Vertx clients, Collection<Sink> seen) throws InterruptedException, IOException {
        try (PodSeat seat = new PodSeat(kind)) {
            long descriptors = Long.MAX_VALUE;
            for (List<PodStep> round : rounds) {
                Sink sink = new Sink();
                seen.add(sink);
                List<String> violations = undone(seat, round, clients, sink);
                violations.addAll(leaked(seat, descriptors));
                descriptors = Math.min(descriptors, seat.pod.descriptors());
                if (!violations.isEmpty()) {
                    return shown(round, violations, seat);
                }
            }
            Sink sink = new Sink();
            seen.add(sink);
            List<String> violations = ended(seat, clients, sink);
            return violations.isEmpty() ? violations : shown(last, violations, seat);
        }
    }

    private static List<String> undone(PodSeat seat, List<PodStep> round, Vertx clients, Sink sink)
            throws InterruptedException, IOException {
        Totals before = seat.totals();
        List<String> violations = new ArrayList<>();
        playToTheEnd(seat, round, clients, sink, violations);
        if (!isUndoneSoon(seat)) {
            violations.add("not undone: " + seat.operator.drain() + " " + seat.operator.inFlight());
        }
        violations.addAll(Verdict.of(seat.totals().minus(before), sink).violations());
        if (seat.kind == PodSeat.Kind.SUPERVISOR && !seat.hasProgram()) {
            violations.add("the program has ended");
        }
        return violations;
    }

    /** Nobody is there any more, so that what it has open is what it had open after another round. */
    private static List<String> leaked(PodSeat seat, long before) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long now = seat.pod.descriptors();
        while (now - SLACK_DESCRIPTORS > before && System.nanoTime() < end) {
            Http1.pause(100);
            now = seat.pod.descriptors();
        }
        return now - SLACK_DESCRIPTORS > before
                ? List.of("open descriptors: " + now + ", before " + before)
                : List.of();
    }

    /** A pre-stop cannot be undone before it expires. */
    private static boolean isUndoneSoon(PodSeat seat) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isServing(seat) && System.nanoTime() < end) {
            Http1.pause(100);
            seat.operator.ask("DELETE", "/drain");
        }
        return isServing(seat);
    }

    private static boolean isServing(PodSeat seat) {
        JsonNode drain = seat.operator.drain();
        return drain.get("state").asText().equals(DrainState.SERVING.key())
                && drain.at("/in-flight/total").asLong() == 0
                && seat.operator.ask("GET", "/q/health/ready").statusCode() == 200;
    }

    private List<String> ended(PodSeat seat, Vertx clients, Sink sink) throws InterruptedException, IOException {
        List<String> violations = new ArrayList<>();
        playToTheEnd(seat, last, clients, sink, violations);
        int code = seat.pod.exitCode(PATIENCE);
        JsonNode report = seat.operator.report();
        if (report.get("exit-code").asInt() != code) {
            violations.add("the process' exit code is " + code);
        }
        Totals totals = PodSeat.totals(report);
        List<String> outcomes = report.get("release").findValuesAsText("outcome");
        boolean clean = totals.cut() == 0
                && totals.lost() == 0
                && outcomes.stream().allMatch("released"::equals)
                && report.get("state").asText().equals(DrainState.STOPPED.key());
        if (clean != (code == 0)) {
            violations.add("exit code " + code + " of a drain that is " + (clean ? "clean" : "not clean"));
        }
        if (seat.hasProgram()) {
            violations.add("the program outlives the process");
        }
        violations.addAll(Verdict.ofLast(totals, sink, closingOf(report)).violations());
        if (!violations.isEmpty()) {
            violations.add(report.toString());
        }
        return violations;
    }

    /** From when on the port is being closed: who asks from then on may find nobody. */
    private static Instant closingOf(JsonNode report) {
        Instant closing = Instant.parse(report.get("started-at").asText());
        for (JsonNode stage : report.get("stages")) {
            if (!List.of("lame-duck", "draining").contains(stage.get("stage").asText())) {
                return closing;
            }
            closing = closing.plusMillis(stage.get("lasted-ms").asLong());
        }
        return closing;
    }

    private static void playToTheEnd(
            PodSeat seat, List<PodStep> steps, Vertx clients, Sink sink, List<String> violations)
            throws InterruptedException, IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (PodStep step : steps) {
                if (step instanceof PodStep.Begins begins) {
                    int port = seat.port(begins.client());
                    threads.execute(() -> begins.client().runSafely(port, clients, sink));
                } else {
                    apply(step, seat);
                }
            }
            threads.shutdown();
            if (!threads.awaitTermination(PATIENCE.toSeconds(), SECONDS)) {
                violations.add("a client has not ended after " + PATIENCE);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void apply(PodStep step, PodSeat seat) throws IOException {
        if (step instanceof PodStep.Asks asks) {
            // Answered at its own time, or never.
            CompletableFuture<?> asked = seat.operator.begin(asks.method(), asks.path());
            asked.exceptionally(gone -> null);
        } else if (step instanceof PodStep.AsksAndLeaves leaves && seat.pod.isRunning()) {
            try (RawClient kubelet = new RawClient(seat.pod.managementPort())) {
                kubelet.get("/drain/pre-stop");
                Http1.pause(leaves.milliseconds());
            } catch (IOException e) {
                // The port is closed at the end of a last round.
            }
        } else if (step instanceof PodStep.Signals signals) {
            signal(seat, signals.name());
        } else if (step instanceof PodStep.Freezes freezes && seat.pod.isRunning()) {
            signal(seat, "STOP");
            Http1.pause(freezes.milliseconds());
            signal(seat, "CONT");
        } else if (step instanceof PodStep.Pauses pauses) {
            Http1.pause(pauses.milliseconds());
        }
    }

    /** It may end just before. */
    private static void signal(PodSeat seat, String name) {
        try {
            seat.pod.signal(name);
        } catch (AssertionError e) {
            if (seat.pod.isRunning()) {
                throw e;
            }
        }
    }

    private List<String> shown(List<PodStep> round, List<String> violations, PodSeat seat) {
        List<String> shown = new ArrayList<>(violations);
        shown.add("in the seat " + kind + ":");
        round.forEach(step -> shown.add("  " + step));
        shown.addAll(seat.pod.lines());
        return shown;
    }
}
