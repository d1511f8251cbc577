package dev.lastcall.testing;

import io.quarkus.test.junit.callback.QuarkusTestBeforeEachCallback;
import io.quarkus.test.junit.callback.QuarkusTestMethodContext;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * The limit of every {@code await()} that names none: so long that only what never happens is later, on whatever machine. Quarkus loads the
 * classes of its tests anew, with an Awaitility of their own; it finds this by the service loader.
 */
public final class AwaitLimit implements QuarkusTestBeforeEachCallback {

    /** For the service loader. */
    public AwaitLimit() {}

    static void set() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    @Override
    public void beforeEach(QuarkusTestMethodContext context) {
        set();
    }
}
