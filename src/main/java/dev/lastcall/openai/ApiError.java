package dev.lastcall.openai;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error in OpenAI's shape. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String SERVER = "server_error";

    private final int status;
    private final String type;
    private final @Nullable String param;
    private final @Nullable String code;

    private ApiError(int status, String type, @Nullable String param, @Nullable String code, String message) {
        // No stack trace: it is an answer and no failure of ours.
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.param = param;
        this.code = code;
    }

    /** @param message what is wrong, what was expected and what to do */
    static ApiError invalid(String param, String message) {
        return new ApiError(400, INVALID_REQUEST, param, "invalid_value", message);
    }

    /** The error for a parameter of OpenAI's API that this service does not support. */
    static ApiError unsupported(String param, String message) {
        return new ApiError(400, INVALID_REQUEST, param, "unsupported_parameter", message);
    }

    /** @param expected what it is, as "a string" */
    static ApiError missing(String param, String expected) {
        return new ApiError(
                400,
                INVALID_REQUEST,
                param,
                "missing_required_parameter",
                "Missing required parameter: '" + param + "' (expected: " + expected + ").");
    }

    /** A value of the wrong kind, or beyond a limit. */
    static ApiError wrong(String code, String param, String message) {
        return new ApiError(400, INVALID_REQUEST, param, code, message);
    }

    static ApiError unknownParameter(String param) {
        return new ApiError(400, INVALID_REQUEST, param, "unknown_parameter", "Unknown parameter: '" + param + "'.");
    }

    /** Calls and their outputs that do not belong together. */
    static ApiError unpaired(String param, String message) {
        return new ApiError(400, INVALID_REQUEST, param, null, message);
    }

    static ApiError unsupportedEncoding(String encoding) {
        return new ApiError(
                415,
                INVALID_REQUEST,
                null,
                "unsupported_content_encoding",
                "Content-Encoding: '" + encoding + "' (expected: gzip, or none).");
    }

    static ApiError malformed(String message) {
        return new ApiError(400, INVALID_REQUEST, null, null, message);
    }

    /** The error for a request that the server cannot read. */
    static ApiError unreadable(int status, String message) {
        return new ApiError(status, INVALID_REQUEST, null, null, message);
    }

    static ApiError previousNotFound(String id) {
        return new ApiError(
                400,
                INVALID_REQUEST,
                "previous_response_id",
                "previous_response_not_found",
                "Previous response with id '" + id + "' not found, or it has not ended.");
    }

    static ApiError unauthorized() {
        return new ApiError(
                401,
                "authentication_error",
                null,
                "invalid_api_key",
                "No such API key (expected: one of lastcall.api.keys, as Authorization: Bearer …).");
    }

    static ApiError responseNotFound(String id) {
        return new ApiError(
                404, INVALID_REQUEST, null, "response_not_found", "Response with id '" + id + "' not found.");
    }

    /** @param what it is, as "vector_store" */
    static ApiError notFound(String what, String id) {
        return new ApiError(
                404,
                INVALID_REQUEST,
                null,
                what + "_not_found",
                "No " + what.replace('_', ' ') + " found with id '" + id + "'.");
    }

    static ApiError fileTooLarge(int limit) {
        return new ApiError(
                413,
                INVALID_REQUEST,
                "file",
                "request_too_large",
                "The file is longer than " + limit + " bytes (lastcall.vector-store.max-file). Split it.");
    }

    static ApiError noForm() {
        return new ApiError(
                415,
                INVALID_REQUEST,
                null,
                "unsupported_content_type",
                "Content-Type: expected multipart/form-data with a boundary, with the parts 'file' and 'purpose'.");
    }

    static ApiError itemNotFound(String id) {
        return new ApiError(
                404,
                INVALID_REQUEST,
                "input",
                null,
                "Item with id '" + id
                        + "' not found. Items of responses with store: false are not kept; send the item itself.");
    }

    static ApiError modelNotFound(String id) {
        return new ApiError(
                404,
                INVALID_REQUEST,
                "model",
                "model_not_found",
                "The model '" + id + "' does not exist or is not served here (GET /v1/models lists those that are).");
    }

    static ApiError unknownPath(String method, String path) {
        return new ApiError(
                404, INVALID_REQUEST, null, "unknown_url", "Nothing is served at " + method + " " + path + ".");
    }

    static ApiError methodNotAllowed(String method, String path, String allowed) {
        return new ApiError(
                405,
                INVALID_REQUEST,
                null,
                "method_not_supported",
                "Not allowed to " + method + " on " + path + " (expected: " + allowed + ").");
    }

    static ApiError conflict(String message) {
        return new ApiError(409, INVALID_REQUEST, null, "conflict", message);
    }

    static ApiError tooLarge(int limit) {
        return new ApiError(
                413,
                INVALID_REQUEST,
                null,
                "request_too_large",
                "The body is longer than " + limit + " bytes (lastcall.api.max-body). Shorten it.");
    }

    static ApiError conversationTooLarge(int limit) {
        return new ApiError(
                413,
                INVALID_REQUEST,
                "previous_response_id",
                "request_too_large",
                "With what was said before, the request is longer than " + limit
                        + " bytes (lastcall.api.max-body). Begin a new conversation.");
    }

    static ApiError keyTaken() {
        return new ApiError(
                422,
                "idempotency_error",
                null,
                "idempotency_key_reused",
                "This Idempotency-Key was sent with another request. Use a new one for a new request.");
    }

    static ApiError rateLimit(String message) {
        return new ApiError(429, "rate_limit_error", null, "rate_limit_exceeded", message);
    }

    static ApiError failed() {
        return new ApiError(500, SERVER, null, SERVER, "The service failed; its log says why. Send the request again.");
    }

    static ApiError upstream(String message) {
        return new ApiError(502, SERVER, null, SERVER, message);
    }

    /** The model's upstream refused the request, with a status and a code of its own. */
    static ApiError refused(int status, String code, String message) {
        String type = status == 429 ? "rate_limit_error" : status < 500 ? INVALID_REQUEST : SERVER;
        return new ApiError(status, type, null, code, message);
    }

    static ApiError unavailable(String message) {
        return new ApiError(503, SERVER, null, "shutting_down", message);
    }

    int status() {
        return status;
    }

    JsonObject json() {
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("message", getMessage())
                                .put("type", type)
                                .put("param", param)
                                .put("code", code));
    }
}
