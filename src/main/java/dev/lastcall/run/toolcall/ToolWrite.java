package dev.lastcall.run.toolcall;

/** What became of a write to the ledger. */
public sealed interface ToolWrite {
    record Written() implements ToolWrite {}

    /** The run is somebody else's: stop. */
    record Fenced() implements ToolWrite {}

    /** Another entry stands there. */
    record Refused(ToolCall standing) implements ToolWrite {}
}
