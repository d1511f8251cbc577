package dev.lastcall.model;

/** The reason why a model stopped. */
public enum FinishReason {
    /** The answer is complete. */
    STOP,
    /** The model waits for the results of its tool calls. */
    TOOL_CALLS,
    /** {@code max_output_tokens} were said. */
    LENGTH,
    /** A filter of the upstream ended the answer. */
    CONTENT_FILTER;

    /** The reason that a chat completion gives, in the words of many servers. */
    static FinishReason ofChat(String finish) {
        return switch (finish) {
            case "tool_calls", "function_call" -> TOOL_CALLS;
            case "length", "model_length", "max_tokens" -> LENGTH;
            case "content_filter" -> CONTENT_FILTER;
            default -> STOP;
        };
    }
}
