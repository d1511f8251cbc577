package dev.lastcall.problem;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The header fields that tell a client to send its request again: {@code Retry-After} in seconds (RFC 9110, 10.2.3), and
 * {@code retry-after-ms} and {@code x-should-retry}, which OpenAI's SDKs read.
 */
public final class RetryHeaders {
    private static final int EARLIEST_MS = 200;
    private static final int LATEST_MS = 500;

    private RetryHeaders() {}

    /** The fields of one answer, names to values. */
    public static Map<String, String> fields() {
        return Map.of(
                "Retry-After", "1", "retry-after-ms", Integer.toString(jitteredDelayMs()), "x-should-retry", "true");
    }

    /** 200 to 500 ms, jittered: the clients of a stopping pod must not all come back at once. */
    public static int jitteredDelayMs() {
        return ThreadLocalRandom.current().nextInt(EARLIEST_MS, LATEST_MS + 1);
    }
}
