package dev.lastcall.model;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Optional;

/** The connections to the upstream, one for each answer. Thread-safe. */
final class Upstream implements ReleaseStep {
    private static final String PATH = "/chat/completions";
    private static final String EVENTS = "text/event-stream";

    private final Vertx vertx;
    private final HttpClient client;
    private final String url;
    private final String name;
    private final String step;
    private final String accepted;
    private final Optional<String> key;
    private final Duration silence;

    /** @param base without a slash at its end */
    Upstream(Vertx vertx, String name, OpenAiConfig config, String base) {
        this(
                vertx,
                name,
                "model-" + name,
                EVENTS,
                new UpstreamAddress(
                        base + PATH,
                        config.apiKey(),
                        config.connectTimeout(),
                        config.idleTimeout(),
                        config.maxConnections()));
    }

    /**
     * @param step the name of its release
     * @param accepted the media type of an answer
     */
    Upstream(Vertx vertx, String name, String step, String accepted, UpstreamAddress address) {
        this.name = name;
        this.step = step;
        this.accepted = accepted;
        this.vertx = vertx;
        client = vertx.createHttpClient(new HttpClientOptions()
                .setMaxPoolSize(address.maxConnections())
                .setConnectTimeout((int) address.connectTimeout().toMillis())
                .setTcpNoDelay(true)
                .setDecompressionSupported(false));
        url = address.url();
        key = address.key();
        silence = address.silence();
    }

    Future<HttpClientRequest> open(TraceHeaders trace) {
        RequestOptions options = new RequestOptions()
                .setAbsoluteURI(url)
                .setMethod(HttpMethod.POST)
                .putHeader("content-type", "application/json")
                .putHeader("accept", accepted);
        key.ifPresent(secret -> options.putHeader("authorization", "Bearer " + secret));
        trace.addTo(options::putHeader);
        return client.request(options);
    }

    /** The name by which its thoughts find back. */
    String origin() {
        return name;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Returns the silence after which the upstream is dead. */
    Duration silence() {
        return silence;
    }

    @Override
    public String name() {
        return step;
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.MODEL_CLIENTS;
    }

    @Override
    public void release() throws Exception {
        client.close().toCompletionStage().toCompletableFuture().get();
    }
}
