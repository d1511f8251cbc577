package dev.lastcall.run.log;

/** Thrown when there is no room for another run or for more of one; the same request may succeed once others have ended. */
public final class LogFull extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogFull(long bytes, long most) {
        super(
                "runs take " + bytes + " bytes (expected: at most lastcall.run.memory = " + most
                        + "); wait for one to end",
                null,
                false,
                false);
    }
}
