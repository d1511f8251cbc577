package dev.lastcall.model;

import org.jspecify.annotations.Nullable;

/** A model that did not answer, or stopped in the middle; carries nothing secret in its message. */
public final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    static final String SERVER_ERROR = "server_error";
    static final String RATE_LIMIT = "rate_limit_exceeded";

    private final String code;
    private final String detail;
    private final boolean interruption;
    private final int status;

    private ModelFailure(String code, String detail, boolean interruption, int status, @Nullable Throwable cause) {
        super(detail, cause);
        this.status = status;
        this.code = code;
        this.detail = detail;
        this.interruption = interruption;
    }

    /**
     * The model or the way to it failed.
     *
     * @param detail what went wrong and what to do
     */
    public static ModelFailure serverError(String detail, @Nullable Throwable cause) {
        return new ModelFailure(SERVER_ERROR, detail, false, 0, cause);
    }

    /**
     * The answer broke off.
     *
     * @param detail what went wrong and what to do
     */
    public static ModelFailure interrupted(String detail, @Nullable Throwable cause) {
        return new ModelFailure(SERVER_ERROR, detail, true, 0, cause);
    }

    /**
     * The model takes no more for now.
     *
     * @param detail what went wrong and what to do
     */
    public static ModelFailure rateLimit(String detail) {
        return new ModelFailure(RATE_LIMIT, detail, false, 0, null);
    }

    /**
     * The upstream refused the request.
     *
     * @param status of HTTP, 400 to 599
     * @param code in OpenAI's terms
     * @param detail what went wrong and what to do
     */
    public static ModelFailure refused(int status, String code, String detail) {
        return new ModelFailure(code, detail, false, status, null);
    }

    /** The status with which the upstream refused the request; 0 where it failed otherwise. */
    public int status() {
        return status;
    }

    /** The code in OpenAI's terms, as {@code server_error}, {@code rate_limit_exceeded} or {@code context_length_exceeded}. */
    public String code() {
        return code;
    }

    /** Returns what went wrong and what to do. */
    public String detail() {
        return detail;
    }

    /** Whether another attempt that continues the text so far is likely to succeed. */
    public boolean isInterruption() {
        return interruption;
    }
}
