package dev.lastcall.run;

import dev.lastcall.model.ModelRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to start a run.
 *
 * @param wire {@code native}, {@code ui}, {@code responses} or {@code chat}
 * @param echo members of OpenAI's response object that the client is told again
 * @param background begins as queued in the client's eyes
 * @param stored whether the client may read the run again later
 * @param key the client's idempotency key; null: none
 * @param hash of method, path and body; empty where there is no key and no retry to recognise
 * @param retry how often the client's SDK has sent the same request before
 * @param wanted whether the client is still there; a run that waits to be made is not made for one that has left
 */
public record RunRequest(
        String tenant,
        String wire,
        ModelRequest request,
        JsonObject echo,
        boolean background,
        boolean stored,
        @Nullable String key,
        String hash,
        int retry,
        BooleanSupplier wanted) {

    /** A text over the native wire. */
    public static RunRequest plain(String tenant, String input) {
        return of(tenant, "native", ModelRequest.plain(input), new JsonObject());
    }

    /**
     * A request of another wire: stored, in the foreground, and not recognised again.
     *
     * @param request as {@link ModelRequest#json()} has it
     */
    public static RunRequest of(String tenant, String wire, JsonObject request, JsonObject echo) {
        return of(tenant, wire, ModelRequest.of(request), echo);
    }

    private static RunRequest of(String tenant, String wire, ModelRequest request, JsonObject echo) {
        return new RunRequest(tenant, wire, request, echo, false, true, null, "", 0, () -> true);
    }

    /** The same request in this mode. */
    public RunRequest in(boolean backgroundMode, boolean storedMode) {
        return new RunRequest(tenant, wire, request, echo, backgroundMode, storedMode, key, hash, retry, wanted);
    }

    /** The same request with what recognises it when it is sent again. */
    public RunRequest identified(@Nullable String by, String fingerprint, int retries) {
        return new RunRequest(tenant, wire, request, echo, background, stored, by, fingerprint, retries, wanted);
    }

    /** The same request with a hash by which it is found again. */
    public RunRequest known(String by) {
        return identified(key, by, retry);
    }

    /** The same request with the W3C trace headers that came with it, by their names. */
    public RunRequest traced(JsonObject headers) {
        return new RunRequest(
                tenant, wire, request.traced(headers), echo, background, stored, key, hash, retry, wanted);
    }

    /** The same request of a client that may leave before the run is made. */
    public RunRequest wantedWhile(BooleanSupplier clientIsThere) {
        return new RunRequest(tenant, wire, request, echo, background, stored, key, hash, retry, clientIsThere);
    }
}
