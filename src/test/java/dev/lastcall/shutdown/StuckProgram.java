package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Listeners;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.drain.Work;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Our way of ending a process without the Quarkus that would release and stop. Arguments: the termination message, the grace period, and
 * what hangs: {@code request}, one that ends only by being cut, or {@code stopped}, nothing before the report of a clean end.
 */
final class StuckProgram {
    static final Duration GRACE = Duration.ofSeconds(4);

    private StuckProgram() {}

    public static void main(String[] args) throws InterruptedException {
        var time = new HurriedTime(new SystemTime("lastcall-drain"));
        var inFlight = new InFlight(time);
        var lameDuck = new DrainSettings.LameDuck(Duration.ZERO, Duration.ZERO, Duration.ZERO, List.of());
        Duration second = Duration.ofSeconds(1);
        Duration grace = Duration.parse(args[1]);
        var settings = new DrainSettings(grace, Duration.ZERO, false, lameDuck, null, second, second, false);
        var drain = new Drain(settings, time, inFlight);
        var report = new TerminationReport(drain, new ReleaseSteps(), () -> Path.of(args[0]));
        var watchdog = new Watchdog(drain, report, new ReleaseSteps());
        var exit = new Exit(drain, new FinalResponses(), new Listeners(), watchdog);
        new WarmUp(time).rehearse();
        exit.follow();
        if (args[2].equals("stopped")) {
            drain.subscribe(note -> stop(note, drain, report));
        } else {
            inFlight.admit(new Deaf(), EntryClass.UNARY, true);
        }
        Signals.own();
        AtomicInteger heard = new AtomicInteger();
        Signals.deliverTo(trigger -> {
            time.skip();
            exit.triggered(trigger);
            System.out.println("survived " + heard.incrementAndGet());
        });
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    /** Everything is released and reported, and then Quarkus' own stop never returns. */
    private static void stop(Note note, Drain drain, TerminationReport report) {
        if (note.state() == DrainState.RELEASING) {
            drain.stopped();
            report.write();
        }
    }

    /**
     * Moves on at each signal: signals closer together than half a second are one Ctrl-C as the drain sees them, and on a busy machine this
     * process may hear of one later than of the other.
     */
    private static final class HurriedTime implements Time {
        private final Time real;
        private final AtomicLong skipped = new AtomicLong();

        HurriedTime(Time real) {
            this.real = real;
        }

        void skip() {
            skipped.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        @Override
        public long nanoTime() {
            return real.nanoTime() + skipped.get();
        }

        @Override
        public Instant instant() {
            return real.instant();
        }

        @Override
        public Alarm schedule(Duration delay, Runnable action) {
            return real.schedule(delay, action);
        }
    }

    private record Deaf() implements Work {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/deaf";
        }

        @Override
        public void cut() {}
    }
}
