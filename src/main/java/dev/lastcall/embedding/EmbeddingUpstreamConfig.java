package dev.lastcall.embedding;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** An upstream for embeddings: any server of OpenAI's {@code /embeddings}. */
@RegisterForReflection
interface EmbeddingUpstreamConfig {
    /** The URL above {@code /embeddings}, as in {@code https://api.openai.com/v1}. Unset: there is no such upstream. */
    @Format(Form.HTTP_URL)
    Optional<String> baseUrl();

    /** Sent as Bearer, never logged; unset: nothing is sent. */
    @Format(Form.SECRET)
    Optional<String> apiKey();

    /** The model that vector stores are embedded with, where this process embeds none itself. */
    @WithDefault("text-embedding-3-small")
    String model();

    /** The time limit for connecting, TLS included. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** Silence of the upstream that counts as its death. */
    @WithDefault("1m")
    Duration idleTimeout();

    /** How often a request is sent again, on 408, 409, 429, 5xx and broken connections. */
    @WithDefault("4")
    @Range(min = "0", max = "100")
    int retries();

    /** The longest wait before one of those; an upstream that asks for more ({@code retry-after}) has failed. */
    @WithDefault("10s")
    @Range(min = "0s")
    Duration maxRetryDelay();

    /** Connections at once; further requests wait for one. */
    @WithDefault("100")
    @Range(max = "1000000")
    int maxConnections();

    /** The longest answer, which is held in memory whole: a number takes some 20 bytes of it. */
    @WithDefault("64M")
    @Range(max = "1G")
    MemorySize maxAnswer();
}
