package dev.lastcall.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Port numbers for processes that have to be told one. Below those that the system gives to connections and to port 0 (from 32768 on Linux), so
 * that nothing else on the machine gets the number before the process listens. Thread-safe.
 */
public final class FreePort {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_767;
    private static final int TRIES = 100;

    private FreePort() {}

    /** Returns a random port on which nothing listens. */
    public static int next() {
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(LOWEST, HIGHEST + 1);
            try (ServerSocket free = new ServerSocket(port)) {
                return free.getLocalPort();
            } catch (IOException e) {
                // Taken: another one is tried.
            }
        }
        throw new AssertionError("no free port in " + TRIES + " tries");
    }
}
