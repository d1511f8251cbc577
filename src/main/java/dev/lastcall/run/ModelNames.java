package dev.lastcall.run;

import dev.lastcall.model.Model;
import jakarta.inject.Singleton;
import java.util.List;

/** The models that a client may name. Thread-safe. */
@Singleton
public final class ModelNames {
    private final Model model;

    ModelNames(Model model) {
        this.model = model;
    }

    /** Those that are known here; an upstream may have more. */
    public List<String> all() {
        return model.names();
    }
}
