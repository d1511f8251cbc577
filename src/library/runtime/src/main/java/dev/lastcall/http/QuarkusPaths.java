package dev.lastcall.http;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Quarkus' own paths on the application's port, health and metrics without the management port: served in every stage and never counted, or a probe
 * would be refused by the drain that it asks for. Immutable.
 */
@Singleton
final class QuarkusPaths {
    private static final String ROOT = "quarkus.http.root-path";
    private static final String OWN = "quarkus.http.non-application-root-path";

    private final List<String> roots;

    @Inject
    QuarkusPaths(Config config) {
        this(
                config.getOptionalValue(ROOT, String.class).orElse("/"),
                config.getOptionalValue(OWN, String.class).orElse("q"));
    }

    /**
     * As Quarkus reads the two.
     *
     * @param own absolute with a slash at its start, else below the root
     */
    QuarkusPaths(String root, String own) {
        String application = closed(root.startsWith("/") ? root : "/" + root);
        String quarkus = closed(own.startsWith("/") ? own : application + own);
        // Beside the application's own paths only these are Quarkus'.
        roots = quarkus.equals(application)
                ? Stream.of("health", "metrics").map(application::concat).toList()
                : List.of(quarkus);
    }

    private static String closed(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    boolean have(@Nullable String path) {
        return path != null && roots.stream().anyMatch(path::startsWith);
    }
}
