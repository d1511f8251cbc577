package dev.lastcall.openai;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The OpenAI wire's own limits. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.api")
interface WireConfig {
    /**
     * The longest body: whole conversations and pictures are sent again with each request. The server's own
     * {@code quarkus.http.limits.max-body-size} must be larger, because it answers without saying why.
     */
    @WithDefault("4M")
    @Range(max = "1G")
    MemorySize maxBody();

    /** After this much silence of a stream a comment is sent, below the idle limits of the proxies on the way. */
    @WithDefault("15s")
    @Range(min = "100ms")
    Duration keepAlive();

    /**
     * How long a chat, or a response with {@code store: false}, goes on after its client left: so long it can be resumed by
     * {@code Last-Event-ID} and {@code X-Run-Id}.
     */
    @WithDefault("30s")
    @Range(min = "0s")
    Duration abandonedAfter();
}
