package dev.lastcall.run;

import dev.lastcall.model.Model;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The models that a client may name. Thread-safe. */
@Singleton
public final class ModelNames {
    private final Model model;

    ModelNames(Model model) {
        this.model = model;
    }

    /** Whether a request may name this model. */
    public boolean knows(String name) {
        return model.knows(name);
    }

    /** Whether a model of this name may give log probabilities. */
    public boolean givesLogprobs(String name) {
        return model.givesLogprobs(name);
    }

    /** Returns the configured names; an upstream may have more. */
    public List<String> all() {
        return model.names();
    }

    /** Returns the model for requests that name none; empty: the upstream decides. */
    public Optional<String> preferred() {
        return model.preferred();
    }
}
