package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.EventStreamResponse;
import dev.lastcall.http.KeepAlive;
import dev.lastcall.run.ClientDelivery;
import dev.lastcall.run.event.LoggedEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A run as the AI SDK's UI message stream, from its first event: a page that was loaded again has nothing of it. Where the pod ends first the
 * stream is broken off, because a proper end is the answer's to the page; the page then resumes at another pod.
 */
final class UiMessageStream {
    private final EventStreamResponse stream;
    private final HttpServerResponse response;
    private final UiChunks chunks;
    private final KeepAlive keepAlive;

    UiMessageStream(RoutingContext exchange, UUID run, Duration silence) {
        this(exchange.request(), run, exchange.vertx(), silence);
    }

    private UiMessageStream(HttpServerRequest request, UUID run, Vertx vertx, Duration silence) {
        stream = new EventStreamResponse(request);
        response = request.response();
        chunks = new UiChunks(run);
        keepAlive = new KeepAlive(vertx, response, silence, RunEventStream.COMMENT);
        response.putHeader("x-vercel-ai-ui-message-stream", "v1");
        response.putHeader("x-run-id", run.toString());
    }

    /** Completes when the end was sent or the client is gone; the response is the caller's to end. */
    CompletionStage<Void> send(Flow.Publisher<LoggedEvent> events, DrainSignal signal) {
        stream.sendHead();
        ClientDelivery<LoggedEvent> delivery = ClientDelivery.start(events, this::send);
        DrainSignal.Registration registration = signal.onCancelled(() -> {
            if (!signal.clientGone()) {
                signal.breakOff();
                stream.breakOff();
            }
            delivery.cancel();
        });
        return delivery.ended().whenComplete((ended, failure) -> {
            keepAlive.close();
            registration.close();
        });
    }

    private CompletionStage<Void> send(LoggedEvent event) {
        String frames = chunks.of(event);
        if (!frames.isEmpty()) {
            keepAlive.spoke();
        }
        return frames.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : response.write(frames).toCompletionStage();
    }
}
