package dev.lastcall.drain;

import java.util.List;

/** Runs foreign code so that what one action throws cannot keep the next from running. */
final class Isolated {
    private static final System.Logger LOG = System.getLogger(Isolated.class.getName());

    private Isolated() {}

    static void runAll(List<Runnable> actions) {
        actions.forEach(Isolated::run);
    }

    static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a drain listener failed; the drain goes on", e);
        }
    }
}
