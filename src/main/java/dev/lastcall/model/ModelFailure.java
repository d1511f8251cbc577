package dev.lastcall.model;

import org.jspecify.annotations.Nullable;

/** A model that did not answer, or stopped in the middle; carries nothing secret in its message. */
public final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String SERVER_ERROR = "server_error";
    private static final String RATE_LIMIT = "rate_limit_exceeded";

    private final String code;
    private final String detail;
    private final boolean interruption;

    private ModelFailure(String code, String detail, boolean interruption, @Nullable Throwable cause) {
        super(detail, cause);
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
        return new ModelFailure(SERVER_ERROR, detail, false, cause);
    }

    /**
     * The answer broke off.
     *
     * @param detail what went wrong and what to do
     */
    public static ModelFailure interrupted(String detail, @Nullable Throwable cause) {
        return new ModelFailure(SERVER_ERROR, detail, true, cause);
    }

    /**
     * The model takes no more for now.
     *
     * @param detail what went wrong and what to do
     */
    public static ModelFailure rateLimit(String detail) {
        return new ModelFailure(RATE_LIMIT, detail, false, null);
    }

    /** The code in OpenAI's terms: {@code server_error} or {@code rate_limit_exceeded}. */
    public String code() {
        return code;
    }

    /** What went wrong and what to do. */
    public String detail() {
        return detail;
    }

    /** Whether another attempt that continues the text so far is likely to succeed. */
    public boolean isInterruption() {
        return interruption;
    }
}
