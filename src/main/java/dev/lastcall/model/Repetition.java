package dev.lastcall.model;

import java.util.function.Consumer;
import java.util.function.Function;

/** Drops the beginning of a repeated answer that the client has already, and fails where the answer differs. Not thread-safe. */
final class Repetition implements Consumer<ModelEvent> {
    private final Beginning text;
    private final Beginning reasoning;
    private final Beginning refusal;
    private final Consumer<ModelEvent> sink;

    Repetition(Continuation said, Consumer<ModelEvent> sink) {
        text = new Beginning(said.text());
        reasoning = new Beginning(said.reasoning());
        refusal = new Beginning(said.refusal());
        this.sink = sink;
    }

    /** @throws ModelFailure where it is another answer, or a shorter one */
    @Override
    public void accept(ModelEvent event) {
        if (event instanceof ModelEvent.Text said) {
            say(text.rest(said.delta()), ModelEvent.Text::new);
        } else if (event instanceof ModelEvent.Reasoning thought) {
            say(reasoning.rest(thought.delta()), ModelEvent.Reasoning::new);
        } else if (event instanceof ModelEvent.Refusal refused) {
            say(refusal.rest(refused.delta()), ModelEvent.Refusal::new);
        } else if (event instanceof ModelEvent.Reasoned) {
            sink.accept(event);
        } else if (text.isOver() && reasoning.isOver() && refusal.isOver()) {
            sink.accept(event);
        } else {
            throw differs();
        }
    }

    private void say(String rest, Function<String, ModelEvent> event) {
        if (!rest.isEmpty()) {
            sink.accept(event.apply(rest));
        }
    }

    private static ModelFailure differs() {
        return ModelFailure.serverError(
                "the model's upstream gave another answer than before, which cannot be gone on with"
                        + " (expected: the same again, strategy=exact)",
                null);
    }

    private static final class Beginning {
        private final String said;
        private int heard;

        Beginning(String said) {
            this.said = said;
        }

        boolean isOver() {
            return heard == said.length();
        }

        String rest(String delta) {
            int same = Math.min(delta.length(), said.length() - heard);
            if (!said.regionMatches(heard, delta, 0, same)) {
                throw differs();
            }
            heard += same;
            return delta.substring(same);
        }
    }
}
