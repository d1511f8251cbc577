package dev.lastcall.vectorstore;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Vector stores and their files: in PostgreSQL where one is configured, else in memory. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.vector-store")
interface VectorStoreConfig {
    /** The model for new stores; a store keeps its own. Unset: {@code all-minilm-l6-v2} where this process embeds, else {@code lastcall.embedding.openai.model}. */
    Optional<String> embeddingModel();

    /** The longest file, in UTF-8. It is held in memory while it is uploaded and while it is embedded. */
    @WithDefault("8M")
    @Range(max = "64M")
    MemorySize maxFile();

    /** The most files of one tenant; another one gets 429. */
    @WithDefault("10000")
    @Range(max = "1000000")
    int maxFiles();

    /** The most stores of one tenant; another one gets 429. */
    @WithDefault("1000")
    @Range(max = "1000000")
    int maxStores();

    /**
     * How much of the heap vectors may take: of stores in memory, beyond which ingests fail, and of stores in PostgreSQL, whose vectors are kept here between
     * searches and are read again for each where they do not fit. Unset: a quarter of the heap.
     */
    Optional<MemorySize> memory();

    /** Files that this pod embeds at the same time. More of them share the model, or the upstream's limits. */
    @WithDefault("2")
    @Range(max = "64")
    int maxIngests();

    /** Chunks that are embedded and committed together: larger is faster, and repeats more after a SIGKILL. */
    @WithDefault("32")
    @Range(max = "1000")
    int batch();

    /** After this long without a commit an ingest's pod is dead and the file is another's; renewed with each batch. */
    @WithDefault("30s")
    @Range(min = "1s", max = "1h")
    Duration lease();
}
