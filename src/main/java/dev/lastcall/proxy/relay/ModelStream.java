package dev.lastcall.proxy.relay;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whether a stream of server-sent events is a model's answer, told by its beginning: a chat's or a completion's chunks and the Responses API of
 * OpenAI, the Messages API of Anthropic. Each has a last event of its own, without which it is not whole; but SDKs that read up to a proper end
 * do not miss it. Not thread-safe.
 */
final class ModelStream {
    private static final int BEGINNING = 1024;
    private static final List<String> MARKS =
            List.of("\"chat.completion.chunk\"", "\"text_completion\"", "\"response.created\"", "\"message_start\"");

    private final StringBuilder beginning = new StringBuilder();
    private boolean found;

    /** These bytes are sent next. */
    void note(Buffer chunk) {
        int rest = BEGINNING - beginning.length();
        if (!found && rest > 0) {
            String text = chunk.getString(0, Math.min(rest, chunk.length()), StandardCharsets.ISO_8859_1.name());
            beginning.append(text);
            found = MARKS.stream().anyMatch(mark -> beginning.indexOf(mark) >= 0);
        }
    }

    boolean isAnswer() {
        return found;
    }
}
