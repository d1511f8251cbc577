package dev.lastcall.openai;

import dev.lastcall.model.ModelFailure;
import dev.lastcall.vectorstore.VectorStoreRefusal;

/** The refusals of models that answer a request itself, and of vector stores, in OpenAI's words. */
final class Refusals {
    private Refusals() {}

    /** The error to answer with; whatever is no refusal stays as it is. */
    static Throwable of(Throwable cause) {
        if (cause instanceof VectorStoreRefusal refusal) {
            return ApiError.refused(refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
        }
        if (!(cause instanceof ModelFailure model)) {
            return cause;
        }
        if (model.status() != 0) {
            return ApiError.refused(model.status(), model.code(), model.detail());
        }
        return model.code().equals("rate_limit_exceeded")
                ? ApiError.rateLimit(model.detail())
                : ApiError.upstream(model.detail());
    }
}
