package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps an upstream's refusal to the failure of the run. */
final class UpstreamError {
    private static final int LONGEST_MESSAGE = 300;
    private static final int TOO_MANY = 429;
    /** Their messages speak of our key, which is not the client's business. */
    private static final Set<Integer> OURS = Set.of(401, 403);

    private UpstreamError() {}

    /** Whether the same request may be sent again. */
    static boolean isTransient(int status) {
        return status == 408 || status == 409 || status == TOO_MANY || status >= 500;
    }

    static ModelFailure refused(int status, Buffer body) {
        String said = OURS.contains(status) ? "" : message(body);
        String detail = "the model's upstream answered " + status + (said.isEmpty() ? "" : ": " + said);
        return status == TOO_MANY ? ModelFailure.rateLimit(detail) : ModelFailure.serverError(detail, null);
    }

    /** An error in the place of a chunk. */
    static ModelFailure inStream(@Nullable Object error) {
        String said = error instanceof JsonObject object ? object.getString("message", "") : "";
        boolean limited = error instanceof JsonObject object && isRateLimit(object);
        String detail =
                "the model's upstream failed in the middle of its answer" + (said.isEmpty() ? "" : ": " + cut(said));
        return limited ? ModelFailure.rateLimit(detail) : ModelFailure.interrupted(detail, null);
    }

    private static boolean isRateLimit(JsonObject error) {
        return "rate_limit_exceeded".equals(String.valueOf(error.getValue("code")))
                || String.valueOf(TOO_MANY).equals(String.valueOf(error.getValue("code")));
    }

    private static String message(Buffer body) {
        try {
            Object error = new JsonObject(body).getValue("error");
            return error instanceof JsonObject object ? cut(object.getString("message", "")) : "";
        } catch (DecodeException | ClassCastException e) {
            return "";
        }
    }

    private static String cut(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }
}
