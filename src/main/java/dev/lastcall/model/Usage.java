package dev.lastcall.model;

/**
 * What an answer cost, in tokens.
 *
 * @param cached part of {@code input}
 * @param reasoning part of {@code output}
 */
public record Usage(long input, long cached, long output, long reasoning) {
    /** Of both together: a run may take several answers. */
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, cached + other.cached, output + other.output, reasoning + other.reasoning);
    }
}
