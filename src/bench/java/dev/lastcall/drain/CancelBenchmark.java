package dev.lastcall.drain;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/** CANCELLING with 100 000 open streams: each is told, and ends when it is. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 0)
@Measurement(iterations = 5)
public class CancelBenchmark {
    private static final int ENTRIES = 100_000;

    private final InFlight inFlight = new InFlight(new SystemTime("lastcall-timer"));
    private final AtomicInteger told = new AtomicInteger();

    @Setup(Level.Iteration)
    public void open() {
        inFlight.reopen();
        told.set(0);
        for (int i = 0; i < ENTRIES; i++) {
            Entry entry = (Entry) inFlight.admit(NamedWork.RUN, EntryClass.STREAM, true);
            entry.onCancelled(() -> {
                told.incrementAndGet();
                entry.end(Outcome.COMPLETED);
            });
        }
    }

    @Benchmark
    public void cancel() {
        inFlight.close();
        inFlight.order(Sweep.TELL_ALL);
        inFlight.sweep();
        if (told.get() != ENTRIES || inFlight.count() != 0) {
            throw new IllegalStateException("told: " + told + ", open: " + inFlight.count());
        }
    }
}
