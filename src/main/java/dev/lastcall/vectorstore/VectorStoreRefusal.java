package dev.lastcall.vectorstore;

/** A request that is not carried out, and why; an answer and no failure of ours. */
public final class VectorStoreRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    private VectorStoreRefusal(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static VectorStoreRefusal tooMany(String key, int most) {
        return new VectorStoreRefusal(
                429, "rate_limit_exceeded", key + " = " + most + " is reached. Delete some, or raise it.");
    }

    static VectorStoreRefusal busy() {
        return new VectorStoreRefusal(
                429, "rate_limit_exceeded", "Too many requests wait for vector stores. Send the request again.");
    }

    static VectorStoreRefusal draining() {
        return new VectorStoreRefusal(
                503, "shutting_down", "This pod is ending and takes no new files. Send the request again.");
    }

    static VectorStoreRefusal unavailable() {
        return new VectorStoreRefusal(
                503, "shutting_down", "The vector stores' database cannot be reached. Send the request again.");
    }

    static VectorStoreRefusal noModel() {
        return new VectorStoreRefusal(
                400,
                "model_not_found",
                "Nothing embeds texts here (expected: lastcall.embedding.openai.base-url, or lastcall.embedding.in-process=true).");
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the code in OpenAI's terms. */
    public String code() {
        return code;
    }
}
