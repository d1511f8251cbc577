package dev.lastcall.drain;

import java.io.Serial;

/** What foreign code throws because a test wants it to; without a trace, since the engine logs it. */
final class Deliberate extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    Deliberate() {
        super("as the test wants it", null, false, false);
    }
}
