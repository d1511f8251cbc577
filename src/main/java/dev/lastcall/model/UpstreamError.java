package dev.lastcall.model;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Maps an upstream's refusal to the failure of the run. */
final class UpstreamError {
    private static final int LONGEST_MESSAGE = 300;
    private static final int REDIRECTION = 3;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;
    private static final int LAST = 599;
    /** Their messages speak of our key, which is not the client's business. */
    private static final Set<Integer> OURS = Set.of(401, 402, 403, 407);

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_]{1,63}");
    private static final Pattern NO_PATH = Pattern.compile(
            "^\\W*(404\\W*)?((the )?(requested )?(page|file|path|route|url|endpoint|resource)\\b.*)?not found\\W*$"
                    + "|invalid url|cannot post|method not allowed|no route|unknown (url|path|endpoint|route)",
            Pattern.CASE_INSENSITIVE);
    private static final String MESSAGE = "message";

    private UpstreamError() {}

    /** Whether the same request may be sent again. */
    static boolean isTransient(int status) {
        return status == 408 || status == 409 || status == TOO_MANY || status >= SERVER_ERRORS;
    }

    static ModelFailure refused(int status, Buffer body) {
        return refused(
                status,
                body,
                "serves no chat completions at this address (expected: lastcall.model.<name>.base-url is the URL above"
                        + " /chat/completions, as in https://api.openai.com/v1); mend the address");
    }

    /** @param elsewhere what is said where the address leads to something else */
    static ModelFailure refused(int status, Buffer body, String elsewhere) {
        Object error = errorOf(body);
        if (status / 100 == REDIRECTION || ((status == NOT_FOUND || status == NOT_ALLOWED) && isOfThePath(error))) {
            return ModelFailure.serverError("the model's upstream answered " + status + " and " + elsewhere, null);
        }
        return refused(status, error);
    }

    /** Whether a 404 says nothing of a model: it comes from the server's router, or from a proxy, in one of their many forms. */
    private static boolean isOfThePath(@Nullable Object error) {
        String said = message(error);
        return said.isBlank()
                || NO_PATH.matcher(said).find()
                || (error instanceof JsonObject object && "unknown_url".equals(object.getValue("code")));
    }

    private static ModelFailure refused(int status, @Nullable Object error) {
        String said = OURS.contains(status) ? "" : message(error);
        String detail = "the model's upstream answered " + status + (said.isEmpty() ? "" : ": " + said);
        return OURS.contains(status) || status < 400 || status > LAST
                ? ModelFailure.serverError(detail, null)
                : ModelFailure.refused(status, code(status, error), detail);
    }

    /** An error in the place of a chunk; one that has the status of a refusal is no interruption. */
    static ModelFailure inStream(@Nullable Object error) {
        int status = status(error);
        if (status >= 400 && status < SERVER_ERRORS && !isTransient(status)) {
            return refused(status, error);
        }
        String said = message(error);
        String detail = "the model's upstream failed in the middle of its answer" + (said.isEmpty() ? "" : ": " + said);
        return status == TOO_MANY ? ModelFailure.rateLimit(detail) : ModelFailure.interrupted(detail, null);
    }

    /** The status that an error speaks of: a number in {@code code} or {@code status}, or OpenAI's word for one; 0: none. */
    private static int status(@Nullable Object error) {
        if (!(error instanceof JsonObject object)) {
            return 0;
        }
        for (String member : new String[] {"code", "status", "type"}) {
            String value = String.valueOf(object.getValue(member));
            if (value.matches("[45][0-9]{2}")) {
                return Integer.parseInt(value);
            }
            int known = statusOf(value);
            if (known != 0) {
                return known;
            }
        }
        return 0;
    }

    private static int statusOf(String code) {
        return switch (code) {
            case "rate_limit_exceeded", "rate_limit_error" -> TOO_MANY;
            case "context_length_exceeded", "invalid_request_error", "exceed_context_size_error" -> 400;
            case "model_not_found" -> NOT_FOUND;
            default -> 0;
        };
    }

    /** OpenAI's code: the upstream's where it looks like one, else the one of the status. */
    private static String code(int status, @Nullable Object error) {
        if (error instanceof JsonObject object
                && object.getValue("code") instanceof String code
                && CODE.matcher(code).matches()) {
            return code;
        }
        if (status >= SERVER_ERRORS) {
            return ModelFailure.SERVER_ERROR;
        }
        return switch (status) {
            case NOT_FOUND -> "model_not_found";
            case CONTENT_TOO_LARGE -> "request_too_large";
            case TOO_MANY -> ModelFailure.RATE_LIMIT;
            default -> "invalid_request_error";
        };
    }

    private static @Nullable Object errorOf(Buffer body) {
        try {
            return errorIn(Json.decodeValue(body));
        } catch (DecodeException e) {
            return null;
        }
    }

    /** The member {@code error}, or the object itself where servers leave that level out; Google's server puts it into an array. */
    static @Nullable Object errorIn(@Nullable Object value) {
        Object first = value instanceof JsonArray array && !array.isEmpty() ? array.getValue(0) : value;
        return first instanceof JsonObject object ? object.getValue("error", object) : null;
    }

    /** Returns the message of an error: OpenAI's member, or the one of servers that are built with FastAPI, whose details may be a list. */
    private static String message(@Nullable Object error) {
        if (error instanceof String text) {
            return cut(text);
        }
        if (error instanceof JsonArray several) {
            return several.isEmpty() ? "" : message(several.getValue(0));
        }
        if (!(error instanceof JsonObject object)) {
            return "";
        }
        for (String member : new String[] {MESSAGE, "detail", "msg"}) {
            Object said = object.getValue(member);
            if (said != null) {
                return message(said);
            }
        }
        return "";
    }

    private static String cut(String message) {
        return message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
    }
}
