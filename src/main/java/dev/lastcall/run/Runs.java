package dev.lastcall.run;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.Model;
import jakarta.inject.Singleton;

/** Makes runs. Thread-safe. */
@Singleton
public final class Runs {
    private final Model model;

    Runs(Model model) {
        this.model = model;
    }

    /**
     * A run that ends with {@code shutdown} when its request is told to end, and with {@code cancelled} when the request's client is gone.
     *
     * @param signal of the request itself, not a proxy: it is called from timers
     */
    public Run begin(String input, DrainSignal signal) {
        return new Run(newId(), model, input, signal);
    }

    /** A run that ends with its follower, for a connection that somebody else says goodbye on. */
    public Run begin(String input) {
        return new Run(newId(), model, input, null);
    }

    private static String newId() {
        return RunId.at(System.currentTimeMillis()).toString();
    }
}
