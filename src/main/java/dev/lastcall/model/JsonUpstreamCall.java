package dev.lastcall.model;

import dev.lastcall.problem.Backoff;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request and its whole answer: attempts until one is answered to its end. On one event loop, but for the future's cancellation. */
final class JsonUpstreamCall implements Attempt.Listener {
    private final Upstream upstream;
    private final Backoff backoff;
    private final ChatRequest request;
    private final int longest;
    private final String elsewhere;
    private final Context context;
    private final CompletableFuture<Buffer> answer = new CompletableFuture<>();

    private Attempt attempt;
    private Buffer read = Buffer.buffer();
    private int retries;
    private long timer = -1;

    JsonUpstreamCall(Upstream upstream, Backoff backoff, Buffer body, int longest, String elsewhere) {
        this.upstream = upstream;
        this.backoff = backoff;
        request = new ChatRequest(body, null, TraceHeaders.NONE);
        this.longest = longest;
        this.elsewhere = elsewhere;
        context = upstream.vertx().getOrCreateContext();
        attempt = new Attempt(upstream, this);
    }

    CompletableFuture<Buffer> begin() {
        context.runOnContext(now -> start());
        var unused = answer.whenComplete((whole, failure) -> {
            if (answer.isCancelled()) {
                context.runOnContext(now -> {
                    upstream.vertx().cancelTimer(timer);
                    attempt.abort();
                });
            }
        });
        return answer;
    }

    private void start() {
        if (!answer.isDone()) {
            attempt.start(request);
        }
    }

    @Override
    public void bytes(Buffer bytes) {
        if (read.length() + (long) bytes.length() > longest) {
            attempt.abort();
            fail(ModelFailure.serverError(
                    "the upstream's answer is longer than " + longest + " bytes; ask for less at once", null));
            return;
        }
        read.appendBuffer(bytes);
    }

    @Override
    public void end() {
        answer.complete(read);
    }

    @Override
    public void refused(HttpClientResponse response, Buffer body) {
        int status = response.statusCode();
        ModelFailure failure = UpstreamError.refused(status, body, elsewhere);
        if (UpstreamError.isTransient(status)) {
            retry(
                    Backoff.asked(
                            response.getHeader("retry-after-ms"), response.getHeader("retry-after"), Instant.now()),
                    failure);
        } else {
            fail(failure);
        }
    }

    /** Nothing of an answer has been used, so that the request can be sent again. */
    @Override
    public void broken(Throwable cause) {
        retry(null, ModelFailure.interrupted("the connection to the model's upstream broke", cause));
    }

    private void retry(@Nullable Duration asked, ModelFailure cause) {
        Optional<Duration> delay = backoff.delay(retries, asked);
        if (delay.isEmpty() || answer.isDone()) {
            fail(cause);
            return;
        }
        retries++;
        read = Buffer.buffer();
        attempt = new Attempt(upstream, this);
        timer = upstream.vertx().setTimer(Math.max(1, delay.get().toMillis()), fired -> start());
    }

    private void fail(ModelFailure failure) {
        answer.completeExceptionally(failure);
    }
}
