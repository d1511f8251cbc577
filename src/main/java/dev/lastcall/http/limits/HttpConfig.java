package dev.lastcall.http.limits;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** Limits on what a client's connection may cost on the service's own ports. The sidecar's port has its own. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.http")
interface HttpConfig {
    /**
     * How long a client may take for a request's head: the first from its connection on, a later one from its first byte on; 408 after it,
     * or a silent close where nothing came. Idle connections are bounded by {@code max-connections}.
     */
    @WithDefault("30s")
    Duration headTimeout();

    /** How long the unsent part of an answer may go without a byte that the client takes; its connection, or its HTTP/2 stream,
     * is ended after it. */
    @WithDefault("30s")
    Duration sendTimeout();

    /**
     * How many connections of clients a port may have. One more closes the one that has idled longest, or is closed where none idles; unset:
     * one for each 16 KiB of the largest heap.
     */
    OptionalInt maxConnections();
}
