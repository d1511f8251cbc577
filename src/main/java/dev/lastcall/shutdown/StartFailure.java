package dev.lastcall.shutdown;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/**
 * Says why a start failed: on the console in one message without a stack trace where the cause is the user's to mend, and as the container's
 * termination message, since a crash loop is looked at from outside.
 */
final class StartFailure {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.start");
    private static final List<String> PORTS =
            List.of("quarkus.http.port", "quarkus.management.port", "quarkus.http.ssl-port");

    /** An exception of a room that names a key: {@code lastcall.run.retention: PT1S (expected: …)}. */
    private static final Pattern NAMED = Pattern.compile("^(?:lastcall|quarkus)\\.[\\w.\"\\[\\]-]+: .*\\(expected: ");

    private StartFailure() {}

    static void print(Throwable failure, int exitCode) {
        Optional<String> usersToMend = causes(failure).stream()
                .flatMap(cause -> usersToMend(cause).stream())
                .findFirst();
        usersToMend.ifPresentOrElse(
                message -> System.err.println("lastcall cannot start:\n" + message),
                () -> LOG.error("lastcall cannot start", failure));
        UnservedMessage.write(usersToMend.orElseGet(() -> chain(failure)), exitCode);
    }

    private static Optional<String> usersToMend(Throwable cause) {
        if (cause instanceof ConfigValidationException invalid) {
            return Optional.of(String.join(
                    "\n", ConfigProblem.all(invalid, ConfigUtils.configBuilder().build())));
        }
        String message = cause.getMessage();
        if (cause instanceof QuarkusBindException taken) {
            return Optional.of(taken(taken));
        }
        boolean names = message != null && NAMED.matcher(message).find();
        return cause instanceof ConfigurationException || names ? Optional.ofNullable(message) : Optional.empty();
    }

    /** Quarkus tells the port; whose it is, is looked up. */
    private static String taken(QuarkusBindException taken) {
        return portKey(taken.getPort()) + ": " + taken.getPort()
                + " (expected: a port that no other process listens on, and one for each of ours); set another";
    }

    private static String portKey(int port) {
        Config config = ConfigProvider.getConfig();
        String keys = PORTS.stream()
                .filter(key -> config.getOptionalValue(key, Integer.class)
                        .filter(value -> value == port)
                        .isPresent())
                .collect(Collectors.joining(", "));
        return keys.isEmpty() ? "port" : keys;
    }

    private static String chain(Throwable failure) {
        return causes(failure).stream()
                .map(Throwable::toString)
                .distinct()
                .collect(Collectors.joining("\ncaused by: "));
    }

    private static List<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(32)
                .toList();
    }
}
