package dev.lastcall.openai;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.ClientGone;
import dev.lastcall.http.CurrentExchange;
import dev.lastcall.http.Redirects;
import dev.lastcall.problem.BodyTooLarge;
import dev.lastcall.problem.RetryHeaders;
import dev.lastcall.run.LogUnreachable;
import dev.lastcall.run.TooManyRuns;
import dev.lastcall.run.event.Gone;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One authenticated request and its answer. */
final class Call {
    private static final Logger LOG = Logger.getLogger(Call.class);

    private final RoutingContext exchange;
    private final String tenant;
    private final Context context;
    private final String id = "req_" + UUID.randomUUID().toString().replace("-", "");

    Call(RoutingContext exchange, String tenant) {
        this.exchange = exchange;
        this.tenant = tenant;
        context = exchange.vertx().getOrCreateContext();
        exchange.response().putHeader("x-request-id", id);
    }

    RoutingContext exchange() {
        return exchange;
    }

    String tenant() {
        return tenant;
    }

    /** The event loop of the response. */
    Executor loop() {
        return action -> context.runOnContext(now -> action.run());
    }

    @Nullable
    String header(String name) {
        return exchange.request().getHeader(name);
    }

    @Nullable
    String query(String name) {
        return exchange.request().getParam(name);
    }

    boolean isAsked(String name) {
        return "true".equals(query(name));
    }

    boolean followsRedirects() {
        return Redirects.areFollowedBy(exchange.request());
    }

    /** The value of {@code :id} in the route's path. */
    String pathId() {
        return exchange.pathParam("id");
    }

    /** The value of {@code :file} in the route's path. */
    String pathFile() {
        return exchange.pathParam("file");
    }

    /** Returns the signal that tells that this call is to end. */
    DrainSignal signal() {
        return CurrentExchange.signal(exchange.request());
    }

    HttpServerResponse response() {
        return exchange.response();
    }

    void answer(int status, JsonObject json) {
        answer(status, json, () -> {});
    }

    /** @param onSent run once the answer has left */
    void answer(int status, JsonObject json, Runnable onSent) {
        answer(status, "application/json", json.toBuffer(), onSent);
    }

    void answer(int status, String type, Buffer body, Runnable onSent) {
        onLoop(() -> response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()))
                .end(HttpMethod.HEAD.equals(exchange.request().method()) ? Buffer.buffer() : body)
                .onSuccess(sent -> onSent.run()));
    }

    /** The answer will be there, at whichever pod. A 503 would make a second run of it. */
    void seeOther(String location) {
        onLoop(() -> response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, location)
                .end());
    }

    void fail(Throwable failure) {
        Throwable cause = Refusals.of(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
        if (cause instanceof ApiError error) {
            refuse(error);
        } else if (cause instanceof BodyTooLarge tooLarge) {
            refuse(ApiError.tooLarge(tooLarge.limit()));
        } else if (cause instanceof LogUnreachable) {
            LOG.debugf(cause, "refused request=%s", id);
            refuse(ApiError.unavailable("The run log cannot be reached. Send the request again."));
        } else if (cause instanceof TooManyRuns limit) {
            refuse(ApiError.rateLimit(limit.detail()));
        } else if (cause instanceof Gone) {
            refuse(ApiError.responseNotFound(String.valueOf(exchange.pathParam("id"))));
        } else if (!isCancelledForItsClient(cause) && !ClientGone.logged(LOG, cause)) {
            LOG.errorf(cause, "request failed request=%s", id);
            refuse(ApiError.failed());
        }
    }

    /** Whether the call was cancelled because its client has left: that is no failure, and nobody reads an answer. */
    private boolean isCancelledForItsClient(Throwable cause) {
        return cause instanceof CancellationException && signal().clientGone();
    }

    private void refuse(ApiError error) {
        if (error.status() == 503 || error.status() == 429) {
            RetryHeaders.fields().forEach(response()::putHeader);
        } else if (error.status() == 401) {
            response().putHeader("www-authenticate", "Bearer");
        } else if (error.status() == 502) {
            // The run has ended, and the same request again is another run.
            response().putHeader("x-should-retry", "false");
        }
        answer(error.status(), error.json());
    }

    /** Responses belong to their event loop; what has been answered meanwhile is not answered again. */
    private void onLoop(Runnable action) {
        loop().execute(() -> {
            if (!response().ended() && !response().closed() && !response().headWritten()) {
                // HTTP/2 takes no resume() of a request that was read to its end.
                if (!exchange.request().isEnded()) {
                    exchange.request().resume();
                }
                action.run();
            }
        });
    }
}
