package dev.lastcall.run.toolcall;

import org.jspecify.annotations.Nullable;

/**
 * An entry of the ledger.
 *
 * @param epoch whose owner wrote it last
 * @param result null unless done
 */
public record ToolCall(
        String call,
        int epoch,
        String argsHash,
        State state,
        @Nullable String result) {
    /** The codes are stored. */
    public enum State {
        INTENT(0),
        DONE(1),
        UNKNOWN(2);

        private final short code;

        State(int code) {
            this.code = (short) code;
        }

        public short code() {
            return code;
        }

        public static State of(int code) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new IllegalArgumentException("tool call state: " + code + " (expected: 0 to 2)");
        }
    }
}
