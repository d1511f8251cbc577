package dev.lastcall.process;

import dev.lastcall.drain.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Polls a program's ready URL until it answers or the probe is cancelled. The head of an answer is enough: its
 * connection is closed then, also where the path is an event stream that would never end. Redirects are not followed. Thread-safe.
 */
final class ReadyProbe {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int PATIENCE_MS = 1000;
    private static final int FIRST_GOOD = 200;
    private static final int FIRST_BAD = 400;

    private final HttpClient client;
    private final Time time;

    ReadyProbe(Vertx vertx, Time time) {
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setConnectTimeout(PATIENCE_MS));
        this.time = time;
    }

    /**
     * Completes {@code ready}; stops asking once it is completed, however that came.
     *
     * @param answers told what came of each question that was not answered well
     */
    void ask(URI url, CompletableFuture<Void> ready, Consumer<String> answers) {
        if (ready.isDone()) {
            return;
        }
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .setTimeout(PATIENCE_MS);
        client.request(request).compose(this::status).onComplete(answer -> {
            if (answer.succeeded() && answer.result() >= FIRST_GOOD && answer.result() < FIRST_BAD) {
                ready.complete(null);
                return;
            }
            answers.accept(
                    answer.succeeded()
                            ? "with " + answer.result()
                            : "not at all: " + answer.cause().getMessage());
            time.schedule(PAUSE, () -> ask(url, ready, answers));
        });
    }

    /** An answer that ends closes its connection by itself; a stream has only a moment to do so. */
    private Future<Integer> status(HttpClientRequest request) {
        return request.send()
                .map(answer -> answer.statusCode())
                .onComplete(answered ->
                        time.schedule(PAUSE, () -> request.connection().close()));
    }
}
