package dev.lastcall.tool;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;

/** A tool behind HTTP: the arguments are POSTed, the answer is the body. Thread-safe. */
final class HttpTool implements Tool {
    private final Declaration declared;
    private final Vertx vertx;
    private final HttpClient client;

    HttpTool(Declaration declared, Vertx vertx, HttpClient client) {
        this.declared = declared;
        this.vertx = vertx;
        this.client = client;
    }

    @Override
    public String name() {
        return declared.name();
    }

    @Override
    public JsonObject definition() {
        JsonObject definition = new JsonObject().put("type", "function").put("name", declared.name());
        if (!declared.description().isEmpty()) {
            definition.put("description", declared.description());
        }
        return definition.put("parameters", declared.schema().copy());
    }

    @Override
    public boolean idempotent() {
        return declared.idempotent();
    }

    @Override
    public CompletableFuture<ToolAnswer> call(String key, String arguments) {
        if (!isObject(arguments)) {
            return CompletableFuture.completedFuture(
                    new ToolAnswer.Failed("the arguments are no JSON object; it was not called"));
        }
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(declared.url().toString())
                .setMethod(HttpMethod.POST)
                .setFollowRedirects(false)
                .putHeader("content-type", "application/json")
                .putHeader("accept", "application/json, text/*;q=0.9, */*;q=0.1")
                .putHeader("idempotency-key", key);
        HttpCall call = new HttpCall(vertx, declared);
        call.start(client, options, Buffer.buffer(arguments));
        return call.answer();
    }

    private static boolean isObject(String arguments) {
        try {
            return new JsonObject(arguments).getMap() != null;
        } catch (DecodeException e) {
            return false;
        }
    }
}
