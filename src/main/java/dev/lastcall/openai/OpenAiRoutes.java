package dev.lastcall.openai;

import dev.lastcall.run.Tenants;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The paths of OpenAI's API. Routes of the router and no REST resources, because what clients make of a stream depends on its every byte
 * and on how it ends.
 */
@Singleton
final class OpenAiRoutes {
    private static final String RESPONSE = "/v1/responses/:id";
    private static final String READ = "GET, HEAD";

    private static final Map<String, String> ALLOWED = Map.of(
            "/v1/responses",
            "POST",
            RESPONSE,
            "GET, HEAD, DELETE",
            RESPONSE + "/cancel",
            "POST",
            RESPONSE + "/input_items",
            READ,
            "/v1/chat/completions",
            "POST",
            "/v1/chat/completions/:id",
            "GET",
            "/v1/models",
            READ,
            "/v1/models/:id",
            READ);

    private final Tenants tenants;
    private final CreateHandlers creation;
    private final ResponseHandlers stored;
    private final ModelList models;
    private final StoreRoutes memory;

    OpenAiRoutes(
            Tenants tenants, CreateHandlers creation, ResponseHandlers stored, ModelList models, StoreRoutes memory) {
        this.memory = memory;
        this.tenants = tenants;
        this.creation = creation;
        this.stored = stored;
        this.models = models;
    }

    void register(@Observes Router router) {
        router.post("/v1/responses").handler(to(creation::response));
        router.get(RESPONSE).handler(to(stored::get));
        router.delete(RESPONSE).handler(to(stored::delete));
        router.post(RESPONSE + "/cancel").handler(to(stored::cancel));
        router.get(RESPONSE + "/input_items").handler(to(stored::inputItems));
        router.post("/v1/chat/completions").handler(to(creation::chat));
        router.get("/v1/chat/completions/:id").handler(to(stored::chat));
        router.get("/v1/models").handler(to(models::list));
        router.get("/v1/models/:id").handler(to(models::get));
        router.head("/v1/models").handler(to(models::list));
        router.head("/v1/models/:id").handler(to(models::get));
        router.head(RESPONSE).handler(to(stored::head));
        router.head(RESPONSE + "/input_items").handler(to(stored::inputItems));
        memory.register((method, path, action) -> router.route(method, path).handler(to(action)));
        StoreRoutes.ALLOWED.forEach(
                (path, methods) -> router.route(path).handler(to(call -> notAllowed(call, methods))));
        ALLOWED.forEach((path, methods) -> router.route(path).handler(to(call -> notAllowed(call, methods))));
        router.route("/v1/*").handler(to(OpenAiRoutes::unknown));
    }

    /** Comes behind the methods that are served. */
    private static CompletionStage<Void> notAllowed(Call call, String methods) {
        // RFC 9110, 15.5.6: a 405 names the methods.
        call.response().putHeader(HttpHeaders.ALLOW, methods);
        throw ApiError.methodNotAllowed(
                call.exchange().request().method().name(),
                call.exchange().request().path(),
                methods);
    }

    private Handler<RoutingContext> to(Function<Call, CompletionStage<Void>> action) {
        return exchange -> serve(exchange, action);
    }

    private void serve(RoutingContext exchange, Function<Call, CompletionStage<Void>> action) {
        String authorization = exchange.request().getHeader("authorization");
        Call call = new Call(exchange, tenants.of(authorization).orElse(""));
        try {
            if (tenants.of(authorization).isEmpty()) {
                throw ApiError.unauthorized();
            }
            action.apply(call).exceptionally(failure -> {
                call.fail(failure);
                return null;
            });
        } catch (RuntimeException e) {
            call.fail(e);
        }
    }

    private static CompletionStage<Void> unknown(Call call) {
        throw ApiError.unknownPath(
                call.exchange().request().method().name(),
                call.exchange().request().path());
    }
}
