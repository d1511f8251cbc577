package dev.lastcall.embedding;

import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.model.JsonUpstream;
import dev.lastcall.model.ModelFailure;
import dev.lastcall.model.UpstreamAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Has texts embedded by an upstream, and believes none of its answers unread. */
final class EmbeddingUpstream implements EmbeddingModel {
    private static final String ELSEWHERE =
            "serves no embeddings at this address (expected: lastcall.embedding.openai.base-url is the URL above"
                    + " /embeddings, as in https://api.openai.com/v1); mend the address";

    private final JsonUpstream upstream;

    EmbeddingUpstream(JsonUpstream upstream) {
        this.upstream = upstream;
    }

    static EmbeddingUpstream of(EmbeddingUpstreamConfig config, Vertx vertx, ReleaseSteps steps) {
        String base = config.baseUrl().orElse("").replaceFirst("/+$", "");
        JsonUpstream upstream = new JsonUpstream(
                vertx,
                "embedding-openai",
                new UpstreamAddress(
                        base + "/embeddings",
                        config.apiKey(),
                        config.connectTimeout(),
                        config.idleTimeout(),
                        config.maxConnections()),
                config.retries(),
                config.maxRetryDelay(),
                Math.toIntExact(config.maxAnswer().asLongValue()),
                ELSEWHERE);
        steps.register(upstream);
        return new EmbeddingUpstream(upstream);
    }

    @Override
    public CompletableFuture<Embedded> embed(EmbeddingRequest request) {
        // Numbers and no base64, which not every server has.
        JsonObject body = new JsonObject()
                .put("model", request.model())
                .put("input", new JsonArray(request.inputs()))
                .put("encoding_format", "float");
        request.dimensions().ifPresent(count -> body.put("dimensions", count));
        request.user().ifPresent(user -> body.put("user", user));
        CompletableFuture<Buffer> answer = upstream.post(body.toBuffer());
        CompletableFuture<Embedded> embedded =
                answer.thenApply(whole -> read(whole, request.inputs().size()));
        var unused = embedded.whenComplete((done, failure) -> {
            if (embedded.isCancelled()) {
                answer.cancel(false);
            }
        });
        return embedded;
    }

    /** @throws ModelFailure where it is no answer to so many texts */
    static Embedded read(Buffer answer, int texts) {
        try {
            JsonObject json = new JsonObject(answer);
            JsonArray data = json.getJsonArray("data", new JsonArray());
            float[][] vectors = new float[texts][];
            for (int i = 0; i < data.size(); i++) {
                JsonObject one = data.getJsonObject(i);
                // Some servers give no index, and all give them in order.
                vectors[one.getInteger("index", i)] = vector(one.getJsonArray("embedding"));
            }
            if (data.size() != texts || Arrays.stream(vectors).anyMatch(each -> each.length != vectors[0].length)) {
                throw wrong(null);
            }
            return new Embedded(
                    List.of(vectors),
                    json.getJsonObject("usage", new JsonObject()).getLong("prompt_tokens", 0L));
        } catch (DecodeException | ClassCastException | IndexOutOfBoundsException | NullPointerException e) {
            throw wrong(e);
        }
    }

    private static float[] vector(JsonArray numbers) {
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.getFloat(i);
            if (!Float.isFinite(vector[i])) {
                throw wrong(null);
            }
        }
        if (vector.length == 0) {
            throw wrong(null);
        }
        return vector;
    }

    private static ModelFailure wrong(@org.jspecify.annotations.Nullable Throwable cause) {
        return ModelFailure.serverError(
                "the upstream's answer has no vector for each text (expected: data[].embedding, finite numbers of one length)",
                cause);
    }
}
