package dev.lastcall.model;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A script from where it was interrupted to its end or the request's limit, counted; or a tool call. Not thread-safe. */
final class ScriptedAnswer {
    private final Iterator<String> script;
    private final long limit;
    private final long input;
    private final long skipped;
    private ModelEvent.@Nullable ToolCall call;
    private final FinishReason whole;
    private long said;

    private ScriptedAnswer(
            Iterator<String> script, long input, long skipped, long limit, ModelEvent.@Nullable ToolCall call) {
        this.script = script;
        this.input = input;
        this.skipped = skipped;
        this.limit = limit;
        this.call = call;
        whole = call == null ? FinishReason.STOP : FinishReason.TOOL_CALLS;
        said = skipped;
    }

    static ScriptedAnswer of(ModelRequest request) {
        String prompt = request.lastText();
        Continuation interrupted = request.continuation();
        long skipped = interrupted == null ? 0 : interrupted.tokens();
        long limit = request.options().getLong("max_output_tokens", Long.MAX_VALUE);
        long words = Script.words(prompt);
        ScriptedCalls calls = ScriptedCalls.of(request);
        if (calls == null) {
            return new ScriptedAnswer(Script.of(prompt, skipped), words, skipped, limit, null);
        }
        Iterator<String> result = calls.next() == null
                ? Script.echo(calls.result(), skipped)
                : List.<String>of().iterator();
        return new ScriptedAnswer(result, words, skipped, limit, calls.next());
    }

    boolean hasNext() {
        return said < limit && (call != null || script.hasNext());
    }

    ModelEvent next() {
        said++;
        ModelEvent.ToolCall called = call;
        call = null;
        return called == null ? new ModelEvent.Text(script.next()) : called;
    }

    ModelEvent.Finish finish() {
        FinishReason reason = script.hasNext() ? FinishReason.LENGTH : whole;
        return new ModelEvent.Finish(reason, new Usage(input, 0, said - skipped, 0));
    }
}
