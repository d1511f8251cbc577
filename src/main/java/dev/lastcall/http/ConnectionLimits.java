package dev.lastcall.http;

import java.time.Duration;

/** How long a connection may stand still, in a request's head and in an answer that its client does not read. */
record ConnectionLimits(Duration headTimeout, Duration sendTimeout) {
    private static final Duration DEFAULT = Duration.ofSeconds(30);

    ConnectionLimits {
        check("lastcall.http.head-timeout", headTimeout);
        check("lastcall.http.send-timeout", sendTimeout);
    }

    private static void check(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1ms or more)");
        }
    }

    static ConnectionLimits defaults() {
        return new ConnectionLimits(DEFAULT, DEFAULT);
    }
}
