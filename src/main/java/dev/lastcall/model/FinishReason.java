package dev.lastcall.model;

/** Why a model stopped. */
public enum FinishReason {
    /** The answer is complete. */
    STOP,
    /** The model waits for the results of its tool calls. */
    TOOL_CALLS,
    /** {@code max_output_tokens} were said. */
    LENGTH,
    /** A filter of the upstream ended the answer. */
    CONTENT_FILTER
}
