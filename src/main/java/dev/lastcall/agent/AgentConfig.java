package dev.lastcall.agent;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits of the agent endpoints, over HTTP and WebSocket alike. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.agent")
interface AgentConfig {
    /**
     * The longest input, in bytes of UTF-8: 1 to 16M. A request body may be six times that and 4 KiB, because JSON may write one byte as
     * {@code \\u0041}; it is refused as soon as it is longer, and never kept beyond that. The server's own
     * {@code quarkus.http.limits.max-body-size} must be larger, because it answers without saying why.
     */
    @WithDefault("64K")
    @Range(max = "16M")
    MemorySize maxInput();

    /** After this much silence of a stream a comment is sent, below the idle limits of the proxies on the way. */
    @WithDefault("15s")
    @Range(min = "100ms")
    Duration keepAlive();
}
