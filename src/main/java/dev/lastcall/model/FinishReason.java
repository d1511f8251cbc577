package dev.lastcall.model;

/** Why a model stopped. */
public enum FinishReason {
    /** It said all it had to say. */
    STOP,
    /** It waits for the results of its tool calls. */
    TOOL_CALLS,
    /** {@code max_output_tokens} were said. */
    LENGTH,
    /** It was not to say what came next. */
    CONTENT_FILTER
}
