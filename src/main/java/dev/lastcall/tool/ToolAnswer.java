package dev.lastcall.tool;

/** The result of one call of a tool. */
public sealed interface ToolAnswer {
    /** The tool's own words. */
    record Said(String text) implements ToolAnswer {}

    /** The call failed: it was never sent, or the tool answered with an error. */
    record Failed(String reason) implements ToolAnswer {}

    /** The call was sent and its outcome is unknown: it may or may not have taken effect. */
    record Unknown(String reason) implements ToolAnswer {}
}
