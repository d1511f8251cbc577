package dev.lastcall.testing;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A server of OpenAI's embeddings: words are counted into places by their hash, so that texts with the same words are near. A text that
 * has {@code refuse-429} or another status in it is answered with that.
 */
public final class EmbeddingServer implements AutoCloseable {
    private static final int DIMENSIONS = 64;

    /** The bodies of the requests, in order. */
    public final List<JsonObject> bodies = new CopyOnWriteArrayList<>();

    /** In milliseconds, before each answer. */
    public volatile long delay;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    private EmbeddingServer() throws Exception {
        server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    public static EmbeddingServer start() throws Exception {
        return new EmbeddingServer();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            JsonObject json = new JsonObject(body);
            bodies.add(json);
            vertx.setTimer(Math.max(1, delay), fired -> answer(request, json.getJsonArray("input")));
        });
    }

    private static void answer(HttpServerRequest request, JsonArray input) {
        JsonArray data = new JsonArray();
        for (int i = 0; i < input.size(); i++) {
            String text = input.getString(i);
            int refused = text.indexOf("refuse-");
            if (refused >= 0) {
                request.response()
                        .setStatusCode(Integer.parseInt(text.substring(refused + 7, refused + 10)))
                        .putHeader("retry-after-ms", "1")
                        .end("{\"error\":{\"message\":\"as asked\"}}");
                return;
            }
            if (text.contains("say nothing")) {
                continue;
            }
            data.add(new JsonObject().put("index", i).put("embedding", vector(text)));
        }
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put("data", data)
                        .put("usage", new JsonObject().put("prompt_tokens", 3 * input.size()))
                        .encode());
    }

    private static JsonArray vector(String text) {
        float[] counts = new float[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+", -1)) {
            counts[Math.floorMod(word.hashCode() * 31, DIMENSIONS)]++;
        }
        JsonArray vector = new JsonArray();
        for (float count : counts) {
            vector.add(count);
        }
        return vector;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
