package dev.lastcall.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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
            String rest = text.rest(said.delta());
            say(rest, more -> new ModelEvent.Text(more, unheard(said, rest.length())));
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

    /** The log probabilities of the tokens that reach into the last characters. */
    private static JsonArray unheard(ModelEvent.Text said, int left) {
        if (left == said.delta().length()) {
            return said.logprobs();
        }
        JsonArray unheard = new JsonArray();
        int end = 0;
        for (Object each : said.logprobs()) {
            end += ((JsonObject) each).getString("token").length();
            if (end > said.delta().length() - left) {
                unheard.add(each);
            }
        }
        return unheard;
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
