package dev.lastcall.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Where an upstream is, and how it is connected to.
 *
 * @param url of the one path that is asked
 * @param key sent as Bearer, never logged
 * @param silence that counts as the upstream's death
 */
public record UpstreamAddress(
        String url, Optional<String> key, Duration connectTimeout, Duration silence, int maxConnections) {}
