package dev.lastcall.fuzz;

import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Ends the JVM where one input takes longer than any may: an endless loop hears no interrupt, and its input has to be told. */
public final class Patience {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    /** While Jazzer still takes classes apart, which takes minutes on a busy machine. */
    private static final Duration LONGEST_AT_FIRST = Duration.ofMinutes(10);

    private static final int FIRST = 20;
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(action -> {
        Thread thread = new Thread(action, "patience");
        thread.setDaemon(true);
        return thread;
    });

    private static final AtomicInteger ATTEMPTS = new AtomicInteger();
    private static volatile @Nullable Attempt current;

    static {
        var unused = WATCH.scheduleWithFixedDelay(Patience::look, 1, 1, TimeUnit.SECONDS);
    }

    private static final class Attempt {
        private final byte[] input;
        private final Thread reader = Thread.currentThread();
        private final long begun = System.nanoTime();
        private final Duration longest = ATTEMPTS.incrementAndGet() > FIRST ? LONGEST : LONGEST_AT_FIRST;

        Attempt(byte[] input) {
            this.input = input;
        }
    }

    private Patience() {}

    /** Reads an input on this thread, of which at most one does so at a time. */
    public static <T> T within(byte[] input, Supplier<T> read) {
        current = new Attempt(input);
        try {
            return read.get();
        } finally {
            current = null;
        }
    }

    private static void look() {
        Attempt attempt = current;
        if (attempt == null || System.nanoTime() - attempt.begun < attempt.longest.toNanos()) {
            return;
        }
        System.err.println("still reading after " + attempt.longest + ", Base64 of the input: "
                + Base64.getEncoder().encodeToString(attempt.input));
        for (StackTraceElement each : attempt.reader.getStackTrace()) {
            System.err.println("  at " + each);
        }
        Runtime.getRuntime().halt(70);
    }
}
