package dev.lastcall.process;

import dev.lastcall.drain.Time;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks a program over HTTP, until it answers that it is ready or nobody wants to know any more. Thread-safe. */
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

    /** Completes {@code ready}; stops asking once it is completed, however that came. */
    void ask(URI url, CompletableFuture<Void> ready) {
        if (ready.isDone()) {
            return;
        }
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setTimeout(PATIENCE_MS);
        client.request(request)
                .compose(sent -> sent.send())
                .map(answer -> answer.statusCode() >= FIRST_GOOD && answer.statusCode() < FIRST_BAD)
                .otherwise(false)
                .onSuccess(good -> {
                    if (good) {
                        ready.complete(null);
                    } else {
                        time.schedule(PAUSE, () -> ask(url, ready));
                    }
                });
    }
}
