package dev.lastcall.http;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleBinaryOperator;

/**
 * The cost of the drain for a packaged service: the gate's share of a trivial request's CPU, and the time that it adds to an idle exit. Every
 * figure is taken in fresh processes.
 */
final class Processes {
    private static final int GATE_PAIRS = Integer.getInteger("bench.gate-pairs", 15);
    private static final int EXIT_PAIRS = Integer.getInteger("bench.exit-pairs", 11);
    private static final int REQUESTS = Integer.getInteger("bench.requests", 300_000);
    private static final int TURN = 5_000;
    private static final DoubleBinaryOperator PERCENT_MORE = (ours, theirs) -> (ours / theirs - 1) * 100;
    private static final DoubleBinaryOperator MORE = (ours, theirs) -> ours - theirs;
    private static final String[] NO_LAME_DUCK = {
        "-Dlastcall.drain.lame-duck.min=0s", "-Dlastcall.drain.lame-duck.max=0s"
    };

    private Processes() {}

    /** Arguments: the application, the same without its gate, and a plain Quarkus application. */
    public static void main(String... applications) throws Exception {
        Path ours = Path.of(applications[0]);
        Path withoutGate = Path.of(applications[1]);
        Path plain = Path.of(applications[2]);
        System.out.println("CPU of a request answered with 404, in µs: with the gate, without");
        Pairs gate = new Pairs();
        for (int i = 0; i < GATE_PAIRS; i++) {
            addCpuOfARequest(gate, ours, withoutGate);
        }
        System.out.println("SIGTERM to exit, idle, in ms: without lame duck, plain Quarkus");
        Pairs exit = Pairs.measure(EXIT_PAIRS, () -> exitOf(ours, NO_LAME_DUCK), () -> exitOf(plain));
        System.out.println("| measured | with | without | more: median (quartiles) | target |");
        System.out.println("|---|---|---|---|---|");
        print("CPU of a 404, µs", gate, PERCENT_MORE, "%", "≤ 3 %");
        print("idle SIGTERM to exit, ms", exit, MORE, "ms", "≤ 50 ms");
    }

    /**
     * In microseconds. Both processes live at once and are asked in short turns, so that a machine whose speed changes, as one that others share
     * does, is as slow for the one as for the other. After as many requests again, in which the compiler does most of its work.
     */
    private static void addCpuOfARequest(Pairs pairs, Path ours, Path theirs) throws Exception {
        try (Server our = Server.start(ours);
                Server their = Server.start(theirs)) {
            takeTurns(our, their);
            long ourBefore = our.cpu().toNanos();
            long theirBefore = their.cpu().toNanos();
            takeTurns(our, their);
            pairs.add(
                    (our.cpu().toNanos() - ourBefore) / 1e3 / REQUESTS,
                    (their.cpu().toNanos() - theirBefore) / 1e3 / REQUESTS);
        }
    }

    private static void takeTurns(Server first, Server second) throws Exception {
        for (int sent = 0; sent < REQUESTS; sent += TURN) {
            Requests.send(first.port(), TURN);
            Requests.send(second.port(), TURN);
        }
    }

    /** In milliseconds. */
    private static double exitOf(Path application, String... options) throws Exception {
        try (Server server = Server.start(application, options)) {
            // What a start leaves to be done afterwards is over by then.
            TimeUnit.SECONDS.sleep(2);
            return server.end().toNanos() / 1e6;
        }
    }

    private static void print(String name, Pairs pairs, DoubleBinaryOperator more, String unit, String target) {
        if (pairs.isEmpty()) {
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %+.1f %s (%+.1f … %+.1f) | %s |%n",
                name,
                pairs.ours(),
                pairs.theirs(),
                pairs.of(more, 0.5),
                unit,
                pairs.of(more, 0.25),
                pairs.of(more, 0.75),
                target);
    }
}
