package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;

import dev.lastcall.testing.Answers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** HTTP/2 over one cleartext connection by prior knowledge, and what the server says on it. */
public final class H2cClient implements AutoCloseable {
    final List<GoAway> goAways = new CopyOnWriteArrayList<>();
    /** Completed when the connection has closed. */
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));
    private final int port;

    public H2cClient(int port) {
        this.port = port;
    }

    /** Sends a run's input; the answer is the whole of it, behind its status and a space. */
    public Future<String> post(String path, String input) {
        HttpClientRequest request = await(client.request(HttpMethod.POST, port, "localhost", path));
        request.exceptionHandler(gone -> {});
        request.connection().goAwayHandler(goAways::add);
        request.connection().closeHandler(gone -> closed.complete(null));
        request.putHeader("content-type", "application/json");
        Future<String> answer = Answers.text(request);
        request.end(Buffer.buffer(AgentRequest.body(input)));
        return answer;
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
