package dev.lastcall.testing;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Tests that fail and leave processes behind. They are not of the suite: {@code src/test/hang.sh} runs them with {@code ./mvnw -Phang test} to
 * show that the build ends all the same.
 */
class LeftBehind {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DEAF_FAMILY =
            "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & " + "echo left $$ $!; while :; do sleep 1; done";

    /** A process and a child of it, both deaf to SIGTERM. */
    @Test
    void childIsNotClosed() {
        ChildProcess family = ChildProcess.start(Command.of("sh", "-c", DEAF_FAMILY));
        say(family.awaitLine("left (.*)", LIMIT).group(1));
        Assertions.fail("meant to");
    }

    /** A child as a library might start one: it shares the output of the tests' JVM, to whose end Maven reads. */
    @Test
    void childHoldsTheOutputOfTheTests() throws IOException {
        Process held = new ProcessBuilder("sleep", "600").inheritIO().start();
        say(Long.toString(held.pid()));
        Assertions.fail("meant to");
    }

    /** For the script. */
    private static void say(String pids) {
        System.out.println("left behind: " + pids);
    }
}
