package dev.lastcall.management;

import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document of the clients' port, on the management port: YAML as it was written, or JSON. Without smallrye-openapi, which parses the
 * document and writes it twice at each start, a tenth of what a start takes. Not in the sidecar's own build, whose clients' port is the
 * application's (see the profile in pom.xml). Thread-safe.
 */
@Singleton
final class ClientsDocument {
    private static final String PATH = "/q/openapi";
    private static final String RESOURCE = "openapi/clients.yaml";
    private static final String JSON = "application/json";
    private static final Set<String> SUFFIXES = Set.of("", ".yaml", ".yml", ".json");

    /** Most pods are never asked for it. */
    private volatile @Nullable Buffer json;

    void mountOn(@Observes ManagementInterface management) {
        SUFFIXES.forEach(suffix -> management.router().get(PATH + suffix).handler(this::answer));
        SUFFIXES.forEach(suffix -> management.router().head(PATH + suffix).handler(this::answer));
    }

    private void answer(RoutingContext exchange) {
        boolean asJson = wantsJson(exchange);
        Future<Buffer> content = asJson ? json(exchange) : Future.succeededFuture(Asset.read(RESOURCE));
        content.onFailure(exchange::fail).onSuccess(document -> exchange.response()
                .putHeader("Content-Type", (asJson ? JSON : "application/yaml") + ";charset=UTF-8")
                .putHeader("Vary", "Accept")
                // With the next version of this service a new one must come at once.
                .putHeader("Cache-Control", "no-cache")
                .end(document));
    }

    private static boolean wantsJson(RoutingContext exchange) {
        String accepted = exchange.request().getHeader("Accept");
        return exchange.normalizedPath().endsWith(".json")
                || "json".equalsIgnoreCase(exchange.request().getParam("format"))
                || (accepted != null && accepted.contains(JSON));
    }

    /** On a worker: the first parsing takes longer than an event loop may be held. Two that ask at first make it twice, and alike. */
    private Future<Buffer> json(RoutingContext exchange) {
        Buffer made = json;
        return made != null ? Future.succeededFuture(made) : exchange.vertx().executeBlocking(this::makeJson);
    }

    private Buffer makeJson() {
        Buffer made = YamlAsJson.of(Asset.read(RESOURCE).toString(StandardCharsets.UTF_8));
        json = made;
        return made;
    }
}
