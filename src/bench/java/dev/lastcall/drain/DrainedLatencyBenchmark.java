package dev.lastcall.drain;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From the end of the last entry until whoever waits for DRAINED hears of it on the timer's thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class DrainedLatencyBenchmark {
    private final SystemTime time = new SystemTime("lastcall-timer");
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(withoutLameDuck(), time, inFlight);
    private volatile boolean drained;
    private Entry last;

    private static DrainSettings withoutLameDuck() {
        var lameDuck = new DrainSettings.LameDuck(Duration.ZERO, Duration.ZERO, Duration.ZERO, List.of());
        Duration second = Duration.ofSeconds(1);
        return new DrainSettings(Duration.ofSeconds(30), second, false, lameDuck, null, second, second, false);
    }

    @Setup(Level.Invocation)
    public void drainButOne() {
        drain.undrain();
        drained = false;
        last = (Entry) inFlight.admit(NamedWork.RUN, EntryClass.UNARY, true);
        drain.trigger(Trigger.OPERATOR);
        drain.whenDrained().thenAccept(state -> drained = true);
    }

    @Benchmark
    public void lastEnd() {
        last.end(Outcome.COMPLETED);
        while (!drained) {
            Thread.onSpinWait();
        }
    }
}
