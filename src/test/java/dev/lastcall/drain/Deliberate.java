package dev.lastcall.drain;

import java.io.Serial;

/** Thrown by foreign code on purpose; without a stack trace, since the engine logs it. */
final class Deliberate extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Deliberate() {
        super("as the test wants it", null, false, false);
    }
}
