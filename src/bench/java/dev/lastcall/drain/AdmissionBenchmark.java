package dev.lastcall.drain;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A request's whole way through the engine, and the least that any counter of requests costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 700, timeUnit = TimeUnit.MILLISECONDS)
public class AdmissionBenchmark {
    private final InFlight inFlight = new InFlight(new SystemTime("lastcall-timer"));
    private final AtomicLong count = new AtomicLong();

    @Benchmark
    @Threads(1)
    public boolean admitAndEndAlone() {
        return admitAndEnd();
    }

    @Benchmark
    @Threads(2)
    public boolean admitAndEndOfTwo() {
        return admitAndEnd();
    }

    @Benchmark
    @Threads(1)
    public long bareCountAlone() {
        return bareCount();
    }

    @Benchmark
    @Threads(2)
    public long bareCountOfTwo() {
        return bareCount();
    }

    private boolean admitAndEnd() {
        return inFlight.admit(NamedWork.RUN, EntryClass.UNARY, true) instanceof Entry entry
                && entry.end(Outcome.COMPLETED);
    }

    private long bareCount() {
        count.incrementAndGet();
        return count.decrementAndGet();
    }
}
