package dev.lastcall.agent;

import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

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
}
