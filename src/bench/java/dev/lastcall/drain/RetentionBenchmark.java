package dev.lastcall.drain;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The heap that is held for each of 100 000 open entries: the difference of two collected heaps. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class RetentionBenchmark {
    private static final int ENTRIES = 100_000;

    private final InFlight inFlight = new InFlight(new SystemTime("lastcall-timer"));
    private final Entry[] open = new Entry[ENTRIES];

    /** The figure itself; the time of this benchmark says nothing. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Retained {
        public double bytesOfEntry;
    }

    @Benchmark
    public long openEntries(Retained retained) {
        long before = used();
        for (int i = 0; i < ENTRIES; i++) {
            open[i] = (Entry) inFlight.admit(NamedWork.RUN, EntryClass.STREAM, true);
        }
        retained.bytesOfEntry = (used() - before) / (double) ENTRIES;
        for (int i = 0; i < ENTRIES; i++) {
            open[i].end(Outcome.COMPLETED);
            open[i] = null;
        }
        return inFlight.count();
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
