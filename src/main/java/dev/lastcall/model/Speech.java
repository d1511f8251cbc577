package dev.lastcall.model;

import java.util.Iterator;

/** A script from where it was interrupted to its end or the request's limit, counted. Not thread-safe. */
final class Speech {
    private final Iterator<String> script;
    private final long limit;
    private final long input;
    private final long skipped;
    private long said;

    private Speech(Iterator<String> script, long input, long skipped, long limit) {
        this.script = script;
        this.input = input;
        this.skipped = skipped;
        this.limit = limit;
        said = skipped;
    }

    static Speech of(ModelRequest request) {
        String prompt = request.lastText();
        Continuation interrupted = request.continuation();
        long skipped = interrupted == null ? 0 : interrupted.tokens();
        long limit = request.options().getLong("max_output_tokens", Long.MAX_VALUE);
        return new Speech(Script.of(prompt, skipped), Script.words(prompt), skipped, limit);
    }

    boolean hasNext() {
        return said < limit && script.hasNext();
    }

    ModelEvent.Text next() {
        said++;
        return new ModelEvent.Text(script.next());
    }

    ModelEvent.Finish finish() {
        FinishReason reason = script.hasNext() ? FinishReason.LENGTH : FinishReason.STOP;
        return new ModelEvent.Finish(reason, new Usage(input, 0, said - skipped, 0));
    }
}
