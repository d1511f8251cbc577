package dev.lastcall.http;

import dev.lastcall.drain.DrainState;

/** The behaviour of connections in the current stage of the drain. */
enum Phase {
    /** Keep-alive as ever. */
    OPEN,
    /** Requests are served, but clients are told to go: {@code Connection: close}, GOAWAY step 1. */
    WITHDRAWN,
    /** Idle connections are closed, GOAWAY step 2. */
    CLOSING;

    /** @param serves {@code after-lame-duck=serve}: DRAINING is like LAME_DUCK */
    static Phase of(DrainState state, boolean serves) {
        return switch (state) {
            case SERVING -> OPEN;
            case LAME_DUCK -> WITHDRAWN;
            case DRAINING -> serves ? WITHDRAWN : CLOSING;
            case CANCELLING, DRAINED, RELEASING, STOPPED -> CLOSING;
        };
    }
}
