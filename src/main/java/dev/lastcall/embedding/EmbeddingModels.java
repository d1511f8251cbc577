package dev.lastcall.embedding;

import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.model.ModelFailure;
import io.quarkus.runtime.Startup;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The embedding models of this service by the names that clients say. Thread-safe. */
@Singleton
@Startup
public final class EmbeddingModels {
    private final @Nullable InProcessModel own;
    private final @Nullable EmbeddingModel upstream;
    private final List<String> names = new ArrayList<>();

    EmbeddingModels(EmbeddingConfig config, Vertx vertx, ReleaseSteps steps) {
        own = config.inProcess() ? InProcessModel.start(config, steps) : null;
        if (own != null) {
            names.add(InProcessModel.NAME);
        }
        upstream = config.openai().baseUrl().isPresent() ? EmbeddingUpstream.of(config.openai(), vertx, steps) : null;
        if (upstream != null) {
            names.add(config.openai().model());
        }
    }

    /** Returns the configured names; an upstream may have more. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** Whether requests may name this model. */
    public boolean knows(String name) {
        return upstream != null || names.contains(name);
    }

    /** The model for what names none, as vector stores; empty: texts are not embedded here. */
    public Optional<String> preferred() {
        return names.stream().findFirst();
    }

    /** Embeds texts. The answer fails with a {@link ModelFailure}; cancelling it stops what can be stopped. */
    public CompletableFuture<Embedded> embed(EmbeddingRequest request) {
        if (own != null && request.model().equals(InProcessModel.NAME)) {
            return own.embed(request);
        }
        return upstream != null
                ? upstream.embed(request)
                : CompletableFuture.failedFuture(ModelFailure.refused(
                        404,
                        "model_not_found",
                        "The model '" + request.model() + "' does not exist or embeds nothing here."));
    }
}
