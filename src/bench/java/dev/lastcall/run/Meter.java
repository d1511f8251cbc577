package dev.lastcall.run;

import java.util.List;

/** The distribution of the times that tokens took, in steps of 0.1 ms up to 10 s. Thread-safe. */
final class Meter {
    private static final int STEP = 100_000;

    private final long[] steps = new long[100_000];
    private long count;

    synchronized void durable(List<Long> given) {
        long now = System.nanoTime();
        for (long at : given) {
            int step = (int) Math.max(0, Math.min(steps.length - 1, (now - at) / STEP));
            steps[step]++;
        }
        count += given.size();
    }

    synchronized long count() {
        return count;
    }

    synchronized double millis(double quantile) {
        long left = (long) (quantile * count);
        int step = 0;
        while (step < steps.length - 1 && left >= steps[step]) {
            left -= steps[step];
            step++;
        }
        return step * (STEP / 1e6);
    }
}
