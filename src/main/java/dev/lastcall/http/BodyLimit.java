package dev.lastcall.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The server's limit on bodies whose length is declared, known before Quarkus refuses them with a bare status. Thread-safe. */
@Singleton
final class BodyLimit {
    private static final String KEY = "quarkus.http.limits.max-body-size";

    private final long most;

    @Inject
    BodyLimit(@ConfigProperty(name = KEY) Optional<MemorySize> most) {
        this(most.map(MemorySize::asLongValue).orElse(Long.MAX_VALUE));
    }

    BodyLimit(long most) {
        this.most = most;
    }

    boolean isExceededBy(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length) > most;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    String fault() {
        return "body: longer than " + most + " bytes (" + KEY + "); shorten it";
    }
}
