package dev.lastcall.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Lets a browser's page read a refusal: without these headers it sees an error of CORS where it could send the request again. With
 * {@code quarkus.http.cors} only the pages that may read the answers may read the refusals; without it every page may, since a refusal tells
 * nothing of the application. Preflights are refused as everything else: whoever allows one allows the request that follows, at any pod.
 * Thread-safe.
 */
@Singleton
final class CrossOriginRefusal {
    static final CrossOriginRefusal OF_ALL = new CrossOriginRefusal(null, List.of(), Optional.empty());

    private static final String EXPOSED = "Retry-After, retry-after-ms";
    private static final String CORS = "quarkus.http.cors.";
    private static final String ANY = "*";

    /** Names, or expressions between slashes; null: all origins. */
    private final @Nullable List<String> origins;

    private final List<String> exposed;
    private final Optional<Boolean> credentials;

    @Inject
    CrossOriginRefusal(Config config) {
        this(
                config.getOptionalValue(CORS + "enabled", Boolean.class).orElse(false)
                        ? config.getOptionalValues(CORS + "origins", String.class)
                                .orElse(List.of())
                        : null,
                config.getOptionalValues(CORS + "exposed-headers", String.class).orElse(List.of()),
                config.getOptionalValue(CORS + "access-control-allow-credentials", Boolean.class));
    }

    private CrossOriginRefusal(@Nullable List<String> origins, List<String> exposed, Optional<Boolean> credentials) {
        this.origins = origins;
        this.exposed = exposed;
        this.credentials = credentials;
    }

    /** Sets what a refusal's answer says to the page that asks, if one does. */
    void allow(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        MultiMap headers = request.response().headers();
        headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (!isAllowed(origin)) {
            return;
        }
        headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // A page that sends cookies reads nothing without it.
        boolean named = origins == null || !origins.contains(ANY);
        if (credentials.orElse(named)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        String own = exposed.contains(ANY) ? "" : String.join(", ", exposed);
        headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, own.isEmpty() ? EXPOSED : own + ", " + EXPOSED);
    }

    private boolean isAllowed(String origin) {
        return origins == null
                || origins.stream()
                        .anyMatch(known -> known.equals(ANY) || known.equals(origin) || matches(known, origin));
    }

    private static boolean matches(String known, String origin) {
        boolean expression = known.length() > 2 && known.startsWith("/") && known.endsWith("/");
        return expression && Pattern.matches(known.substring(1, known.length() - 1), origin);
    }
}
