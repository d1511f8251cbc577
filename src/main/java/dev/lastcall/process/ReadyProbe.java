package dev.lastcall.process;

import dev.lastcall.drain.Time;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks a program over HTTP, until it answers that it is ready or nobody wants to know any more. */
final class ReadyProbe {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final HttpRequest request;
    private final CompletableFuture<Void> ready;
    private final Time time;

    private ReadyProbe(URI url, CompletableFuture<Void> ready, Time time) {
        request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
        this.ready = ready;
        this.time = time;
    }

    /** Completes {@code ready}; stops asking once it is completed, however that came. */
    static void begin(URI url, CompletableFuture<Void> ready, Time time) {
        new ReadyProbe(url, ready, time).ask();
    }

    private void ask() {
        if (!ready.isDone()) {
            client.sendAsync(request, BodyHandlers.discarding()).whenComplete(this::heard);
        }
    }

    private void heard(@Nullable HttpResponse<Void> answer, @Nullable Throwable failure) {
        if (answer != null && answer.statusCode() >= 200 && answer.statusCode() < 400) {
            ready.complete(null);
        } else {
            time.schedule(PAUSE, this::ask);
        }
    }
}
