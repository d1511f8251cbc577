package dev.lastcall.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Limits on what a client's connection may cost on the service's own ports. The sidecar's port has its own. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.http")
interface HttpConfig {
    /**
     * How long a client may take for a request's head: the first from its connection on, a later one from its first byte on; 408 after it,
     * or a silent close where nothing came. Idle connections are not limited.
     */
    @WithDefault("30s")
    Duration headTimeout();

    /** How long the unsent part of an answer may go without a byte that the client takes; its connection is closed after it. */
    @WithDefault("30s")
    Duration sendTimeout();
}
