package dev.lastcall.tool;

/** What became of one call of a tool. */
public sealed interface ToolAnswer {
    /** The tool's own words. */
    record Said(String text) implements ToolAnswer {}

    /** It is known to have failed: it was never sent, or the tool answered with something else than success. */
    record Failed(String reason) implements ToolAnswer {}

    /** It was sent and nobody knows the outcome: it may or may not have taken effect. */
    record Unknown(String reason) implements ToolAnswer {}
}
