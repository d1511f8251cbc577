package dev.lastcall.run.toolcall;

/** The result of a write to the ledger. */
public sealed interface ToolWrite {
    record Written() implements ToolWrite {}

    /** Another pod owns the run by now; stop. */
    record Fenced() implements ToolWrite {}

    /** Another entry stands there. */
    record Refused(ToolCall standing) implements ToolWrite {}
}
