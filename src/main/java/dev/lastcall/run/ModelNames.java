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

    /** Those that are known here; an upstream may have more. */
    public List<String> all() {
        return model.names();
    }

    /** The one that answers where a request names none; empty: only the upstream knows. */
    public Optional<String> preferred() {
        return model.preferred();
    }
}
