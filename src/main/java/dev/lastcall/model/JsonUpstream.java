package dev.lastcall.model;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.problem.Backoff;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An upstream of OpenAI's API whose answers are read whole, as those of embeddings: with the same rules on errors, repetitions and silence as
 * models. Thread-safe.
 */
public final class JsonUpstream implements ReleaseStep {
    private final Upstream upstream;
    private final Backoff backoff;
    private final int longest;
    private final String elsewhere;

    /**
     * Opens no connection yet.
     *
     * @param name in the report
     * @param retries how often a request is sent again
     * @param longest answer in bytes; a longer one fails
     * @param elsewhere what is said where the address leads to something else
     */
    public JsonUpstream(
            Vertx vertx,
            String name,
            UpstreamAddress address,
            int retries,
            Duration maxRetryDelay,
            int longest,
            String elsewhere) {
        upstream = new Upstream(vertx, name, name, "application/json", address);
        backoff = new Backoff(
                retries, maxRetryDelay, () -> ThreadLocalRandom.current().nextDouble());
        this.longest = longest;
        this.elsewhere = elsewhere;
    }

    /** Sends a JSON body. The answer fails with a {@link ModelFailure}; cancelling it closes the connection. */
    public CompletableFuture<Buffer> post(Buffer body) {
        return new JsonUpstreamCall(upstream, backoff, body, longest, elsewhere).begin();
    }

    @Override
    public String name() {
        return upstream.name();
    }

    @Override
    public ReleaseStage stage() {
        return upstream.stage();
    }

    @Override
    public void release() throws Exception {
        upstream.release();
    }
}
