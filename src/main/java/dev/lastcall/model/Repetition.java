package dev.lastcall.model;

import java.util.function.Consumer;

/** Drops the beginning of a repeated answer that the client has already, and fails where the answer differs. Not thread-safe. */
final class Repetition implements Consumer<ModelEvent> {
    private final String said;
    private final Consumer<ModelEvent> sink;
    private int heard;

    Repetition(String said, Consumer<ModelEvent> sink) {
        this.said = said;
        this.sink = sink;
    }

    /** @throws ModelFailure where it is another answer, or a shorter one */
    @Override
    public void accept(ModelEvent event) {
        if (heard == said.length()) {
            sink.accept(event);
        } else if (event instanceof ModelEvent.Text text) {
            compare(text.delta());
        } else {
            throw differs();
        }
    }

    private void compare(String delta) {
        int same = Math.min(delta.length(), said.length() - heard);
        if (!said.regionMatches(heard, delta, 0, same)) {
            throw differs();
        }
        heard += same;
        if (same < delta.length()) {
            sink.accept(new ModelEvent.Text(delta.substring(same)));
        }
    }

    private static ModelFailure differs() {
        return ModelFailure.serverError(
                "the model's upstream gave another answer than before, which cannot be gone on with"
                        + " (expected: the same again, lastcall.model.openai.strategy=exact)",
                null);
    }
}
