package dev.lastcall.embedding;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The settings of the models that embed texts, for {@code POST /v1/embeddings} and for vector stores. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.embedding")
interface EmbeddingConfig {
    /** The upstream; it answers every name of a model that no other one has. */
    EmbeddingUpstreamConfig openai();

    /**
     * Whether {@code all-minilm-l6-v2} (384 dimensions, English) is embedded by this process itself. Needs {@code library}, and about 100 MiB of memory
     * outside the heap once it is loaded.
     */
    @WithDefault("false")
    boolean inProcess();

    /** Whether the model in this process is loaded at the start, and not by the first text. The start then takes as much longer. */
    @WithDefault("false")
    boolean preload();

    /**
     * The jars of ONNX Runtime and of the model's weights, or directories of such; they are in no image of their own accord. Unset: the directory
     * {@code embedding} below the working directory, which {@code ./mvnw -Pembedding package} fills.
     */
    Optional<List<Path>> library();

    /** The threads that one text is computed on; more of them finish a text sooner and take more of the processors from other work. */
    @WithDefault("2")
    @Range(max = "256")
    int threads();

    /** Requests that wait for the model in this process; one more gets 429. Longer waits for more clients, where shorter refuses them. */
    @WithDefault("64")
    @Range(max = "100000")
    int queue();
}
