package dev.lastcall.run.log;

/** The result of an append. */
public sealed interface AppendResult {
    /** The batch is durable and may be shown to clients. */
    record Committed() implements AppendResult {}

    /** Another owner has the run, or the run is gone: stop, and show nothing. */
    record Fenced() implements AppendResult {}

    /** The batch is not in the log and never will be; the run cannot continue under this claim. */
    record Failed(Throwable cause) implements AppendResult {}
}
