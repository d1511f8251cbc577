package dev.lastcall.shutdown;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Says why a start failed: in one message without a stack trace where the cause is the user's to mend. */
final class StartFailure {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.start");

    private StartFailure() {}

    static void print(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof ConfigValidationException invalid) {
                System.err.println("lastcall cannot start:\n" + problems(invalid));
                return;
            }
            if (cause instanceof ConfigurationException wrong) {
                System.err.println("lastcall cannot start:\n" + wrong.getMessage());
                return;
            }
            if (cause instanceof QuarkusBindException taken) {
                System.err.println("lastcall cannot start:\n" + taken.getMessage()
                        + " (expected: a port that no other process listens on)");
                return;
            }
        }
        LOG.error("lastcall cannot start", failure);
    }

    private static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .toList();
    }

    private static String problems(ConfigValidationException invalid) {
        return IntStream.range(0, invalid.getProblemCount())
                .mapToObj(i -> ConfigProblem.inOurWords(invalid.getProblem(i).getMessage()))
                .distinct()
                .collect(Collectors.joining("\n"));
    }
}
