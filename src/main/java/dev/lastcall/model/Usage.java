package dev.lastcall.model;

/**
 * The tokens that an answer used.
 *
 * @param cached part of {@code input}
 * @param reasoning part of {@code output}
 */
public record Usage(long input, long cached, long output, long reasoning) {
    /** Adds two usages, since a run may take several answers. */
    public Usage plus(Usage other) {
        return new Usage(
                input + other.input, cached + other.cached, output + other.output, reasoning + other.reasoning);
    }
}
