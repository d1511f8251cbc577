package dev.lastcall.run;

import org.jspecify.annotations.Nullable;

/**
 * The request that starts a run: tenant, API, idempotency key and retry count.
 *
 * @param wire {@code native}, {@code responses} or {@code chat}
 * @param key the client's idempotency key; null: none
 * @param hash of method, path and body
 * @param retry how often the client's SDK has sent the same request before
 */
public record RequestOrigin(
        String tenant, String wire, @Nullable String key, String hash, int retry) {}
