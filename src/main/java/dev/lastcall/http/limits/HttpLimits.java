package dev.lastcall.http.limits;

import dev.lastcall.drain.ReadableDuration;
import java.time.Duration;

/**
 * The limits of a server's connections with its clients.
 *
 * @param headTimeout for a request's head
 * @param sendTimeout for an answer without progress
 * @param maxConnections of all clients together
 */
record HttpLimits(Duration headTimeout, Duration sendTimeout, int maxConnections) {
    private static final Duration DEFAULT = Duration.ofSeconds(30);
    private static final long HEAP_OF_A_CONNECTION = 16 * 1024;

    HttpLimits {
        check("lastcall.http.head-timeout", headTimeout);
        check("lastcall.http.send-timeout", sendTimeout);
        if (maxConnections < 1) {
            throw new IllegalArgumentException(
                    "lastcall.http.max-connections: " + maxConnections + " (expected: 1 or more)");
        }
    }

    private static void check(String key, Duration value) {
        if (value.toMillis() < 1) {
            throw new IllegalArgumentException(key + ": " + ReadableDuration.of(value) + " (expected: 1ms or more)");
        }
    }

    static HttpLimits defaults() {
        return new HttpLimits(DEFAULT, DEFAULT, connectionsOfThisHeap());
    }

    static int connectionsOfThisHeap() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_OF_A_CONNECTION);
    }
}
