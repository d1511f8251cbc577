package dev.lastcall.http;

import java.time.Duration;

/** How long a connection may stand still, in a request's head and in an answer that its client does not read. */
record HttpLimits(Duration headTimeout, Duration sendTimeout) {
    private static final Duration DEFAULT = Duration.ofSeconds(30);

    HttpLimits {
        check("lastcall.http.head-timeout", headTimeout);
        check("lastcall.http.send-timeout", sendTimeout);
    }

    private static void check(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: 1ms or more)");
        }
    }

    static HttpLimits defaults() {
        return new HttpLimits(DEFAULT, DEFAULT);
    }
}
