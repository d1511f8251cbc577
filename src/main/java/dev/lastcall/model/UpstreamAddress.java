package dev.lastcall.model;

import java.time.Duration;
import java.util.Optional;

/**
 * The address of an upstream, its key and the limits of the connections to it.
 *
 * @param url of the one path that is asked
 * @param key sent as Bearer, never logged
 * @param silence that counts as the upstream's death
 */
public record UpstreamAddress(
        String url, Optional<String> key, Duration connectTimeout, Duration silence, int maxConnections) {}
