package dev.lastcall.model;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server of chat completions that does what the test says, request by request; the last thing said is done again. */
public final class StandIn implements AutoCloseable {
    /** The bodies of the requests, in order. */
    public final List<JsonObject> bodies = new CopyOnWriteArrayList<>();

    public final List<Map.Entry<String, String>> headers = new CopyOnWriteArrayList<>();
    public final AtomicInteger connections = new AtomicInteger();
    public final AtomicInteger closed = new AtomicInteger();
    private final Queue<Consumer<HttpServerResponse>> script = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    private StandIn(int port) throws Exception {
        server = vertx.createHttpServer()
                .connectionHandler(connection -> {
                    connections.incrementAndGet();
                    connection.closeHandler(end -> closed.incrementAndGet());
                })
                .requestHandler(this::answer)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    public static StandIn start() throws Exception {
        return new StandIn(0);
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    /** The next request is answered so. */
    public StandIn then(Consumer<HttpServerResponse> answer) {
        script.add(answer);
        return this;
    }

    /** All requests from now on are answered so; those before are forgotten. */
    public void only(Consumer<HttpServerResponse> answer) {
        bodies.clear();
        script.clear();
        script.add(answer);
    }

    private void answer(HttpServerRequest request) {
        request.headers()
                .forEach(header -> headers.add(Map.entry(header.getKey().toLowerCase(Locale.ROOT), header.getValue())));
        request.body().onSuccess(body -> {
            bodies.add(new JsonObject(body));
            Consumer<HttpServerResponse> next = script.size() > 1 ? script.remove() : script.element();
            next.accept(request.response());
        });
    }

    /** Answers with these pieces and a finish reason. */
    public static Consumer<HttpServerResponse> says(String... pieces) {
        return response -> {
            begin(response, pieces);
            response.write(event(chunk(new JsonObject(), "stop")));
            end(response, pieces.length);
        };
    }

    private static void end(HttpServerResponse response, int tokens) {
        response.write(event(new JsonObject()
                .put("choices", new JsonArray())
                .put(
                        "usage",
                        new JsonObject()
                                .put("prompt_tokens", 7)
                                .put("completion_tokens", tokens)
                                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", 2)))));
        response.end("data: [DONE]\n\n");
    }

    /** Answers with these pieces and then stays silent. */
    public static Consumer<HttpServerResponse> stallsAfter(String... pieces) {
        return response -> begin(response, pieces);
    }

    /** Answers with these pieces and breaks the connection. */
    public static Consumer<HttpServerResponse> diesAfter(String... pieces) {
        return response -> begin(response, pieces).onComplete(sent -> response.reset());
    }

    /** Answers with these pieces and ends without a finish reason. */
    public static Consumer<HttpServerResponse> endsAfter(String... pieces) {
        return response -> {
            begin(response, pieces);
            response.end();
        };
    }

    public static Consumer<HttpServerResponse> sends(String raw) {
        return response -> {
            begin(response);
            response.end(raw);
        };
    }

    /** Calls a tool, its arguments in pieces. */
    public static Consumer<HttpServerResponse> calls(String id, String name, String... arguments) {
        return response -> {
            begin(response);
            response.write(event(chunk(call(0, id, name, ""), null)));
            for (String piece : arguments) {
                response.write(event(chunk(call(0, null, null, piece), null)));
            }
            response.write(event(chunk(new JsonObject(), "tool_calls")));
            end(response, arguments.length);
        };
    }

    public static Consumer<HttpServerResponse> refuses(int status, String message) {
        return response -> response.setStatusCode(status)
                .end(new JsonObject()
                        .put("error", new JsonObject().put("message", message))
                        .encode());
    }

    /** Refuses and says when to come again, in this header. */
    public static Consumer<HttpServerResponse> refuses(int status, String message, String header, String wait) {
        return response -> refuses(status, message).accept(response.putHeader(header, wait));
    }

    private static Future<Void> begin(HttpServerResponse response, String... pieces) {
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        Future<Void> sent = response.write(": hello\n\n");
        for (String piece : pieces) {
            sent = response.write(event(chunk(new JsonObject().put("content", piece), null)));
        }
        return sent;
    }

    public static String event(JsonObject chunk) {
        return "data: " + chunk.encode() + "\r\n\r\n";
    }

    public static JsonObject chunk(JsonObject delta, @Nullable String finish) {
        JsonObject choice = new JsonObject().put("index", 0).put("delta", delta).put("finish_reason", finish);
        return new JsonObject().put("id", "c").put("choices", new JsonArray().add(choice));
    }

    public static JsonObject call(int index, @Nullable String id, @Nullable String name, String arguments) {
        JsonObject piece = new JsonObject().put("index", index).put("id", id);
        piece.put("function", new JsonObject().put("name", name).put("arguments", arguments));
        return new JsonObject().put("tool_calls", new JsonArray().add(piece));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
