package dev.lastcall.agent;

import dev.lastcall.http.EventStreamResponse;
import dev.lastcall.http.KeepAlive;
import dev.lastcall.run.ClientDelivery;
import dev.lastcall.run.Run;
import dev.lastcall.run.RunEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A run as server-sent events (WHATWG HTML, 9.2): one event each for its tokens and its end; the id is what a client resumes after. */
final class RunEventStream {
    /** The comment that is sent on a silent stream. */
    static final String COMMENT = ": ka\n\n";

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Duration silence;

    /** @param silence after which a comment is sent */
    RunEventStream(RoutingContext exchange, Duration silence) {
        request = exchange.request();
        response = request.response();
        vertx = exchange.vertx();
        this.silence = silence;
    }

    /** Completes when the end was sent or the client is gone; the response is the caller's to end. */
    CompletionStage<Void> send(Run run) {
        response.putHeader("x-run-id", run.id().toString());
        new EventStreamResponse(request).sendHead();
        KeepAlive keepAlive = new KeepAlive(vertx, response, silence, COMMENT);
        return ClientDelivery.start(run, event -> send(event, keepAlive))
                .ended()
                .whenComplete((ended, failure) -> keepAlive.close());
    }

    private CompletionStage<Void> send(RunEvent event, KeepAlive keepAlive) {
        keepAlive.spoke();
        return response.write("id: " + event.seq() + "\ndata: " + event.json() + "\n\n")
                .toCompletionStage();
    }
}
