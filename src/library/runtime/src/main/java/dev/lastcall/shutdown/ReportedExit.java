package dev.lastcall.shutdown;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The exit code of an application whose {@code main} is not ours: a process that has cut anything must not end with 0, whatever its own exit
 * handler says. A clean drain leaves the code to the application.
 */
final class ReportedExit {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private ReportedExit() {}

    /** Returns once the JVM is on its way out with the report's code, or at once where that is 0. */
    static void enforce() {
        int code = Exit.code(0);
        if (code == 0) {
            return;
        }
        CountDownLatch begun = new CountDownLatch(1);
        try {
            // The first System.exit decides the code, later ones wait for ever: a hook runs once ours was the first.
            Runtime.getRuntime().addShutdownHook(new Thread(begun::countDown, "lastcall-exit-begun"));
        } catch (IllegalStateException e) {
            // System.exit of the application's own, which has fixed another code: only a halt can change that.
            System.out.flush();
            System.err.flush();
            Runtime.getRuntime().halt(code);
        }
        // On a thread of its own, which may wait: the exit runs Quarkus' hook, and that waits for the stop that called
        // this.
        Thread thread = new Thread(() -> System.exit(code), "lastcall-exit");
        thread.setDaemon(true);
        thread.start();
        try {
            begun.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
