package dev.lastcall.rehearsal.report;

import dev.lastcall.rehearsal.pod.PodPhase;
import java.util.Map;

/**
 * The style in which a terminal shows a timeline.
 *
 * @param colours whether escape sequences are understood; then blocks are too
 * @param width in characters
 */
public record TerminalStyle(boolean colours, int width) {
    private static final int NARROWEST = 60;
    private static final int WIDEST = 160;
    private static final int USUAL = 100;
    private static final String RESET = "\u001b[0m";

    public TerminalStyle {
        width = Math.max(NARROWEST, Math.min(WIDEST, width));
    }

    /** The style for this process' terminal, or for a file. */
    public static TerminalStyle of(Map<String, String> environment, boolean terminal) {
        boolean plain = environment.containsKey("NO_COLOR")
                || "dumb".equals(environment.get("TERM"))
                || !environment
                        .getOrDefault(
                                "LC_ALL", environment.getOrDefault("LC_CTYPE", environment.getOrDefault("LANG", "")))
                        .toUpperCase(java.util.Locale.ROOT)
                        .contains("UTF");
        String columns = environment.getOrDefault("COLUMNS", "");
        return new TerminalStyle(terminal && !plain, columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : USUAL);
    }

    /** Returns one character of a pod's bar. */
    String bar(PodPhase phase) {
        return switch (phase) {
            case STARTING -> paint("90", "·", ".");
            case SERVING -> paint("32", "█", "=");
            case TERMINATING -> paint("33", "▓", "~");
            case WITHDRAWN -> paint("36", "▒", "-");
            case KILLED -> paint("31", "K", "K");
            case GONE -> " ";
        };
    }

    /** Returns the mark of a loss. */
    String mark() {
        return paint("31;1", "×", "x");
    }

    /** Returns the verdict as it stands out. */
    String verdict(String text, boolean good) {
        return colours ? "\u001b[1;" + (good ? "32" : "31") + "m" + text + RESET : text;
    }

    private String paint(String colour, String block, String plain) {
        return colours ? "\u001b[" + colour + "m" + block + RESET : plain;
    }
}
