package dev.lastcall.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A signal that a program can be sent, by its short name and Linux' number.
 *
 * @param name {@code TERM}
 */
record UnixSignal(String name, int number) {
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ABRT", 6),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15),
            Map.entry("CONT", 18),
            Map.entry("TTIN", 21),
            Map.entry("TTOU", 22),
            Map.entry("WINCH", 28));
    /** The number that a shell and the JDK add to the signal that ended a program. */
    private static final int ENDED_BY_SIGNAL = 128;

    static final UnixSignal TERM = new UnixSignal("TERM", 15);
    static final UnixSignal CONT = new UnixSignal("CONT", 18);

    /**
     * Reads a name, with or without {@code SIG}, in any case.
     *
     * @throws IllegalArgumentException where it is not among those that are allowed; the message says what was expected
     */
    static UnixSignal of(String text, List<String> allowed) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        String bare = name.startsWith("SIG") ? name.substring("SIG".length()) : name;
        Integer number = NUMBERS.get(bare);
        if (number == null || !allowed.contains(bare)) {
            throw new IllegalArgumentException(
                    text + " (expected: one of " + String.join(", ", new TreeSet<>(allowed)) + ")");
        }
        return new UnixSignal(bare, number);
    }

    /** The signal that an exit code stands for; a program may also exit with such a code by itself. */
    static Optional<String> ofExitCode(int code) {
        return NUMBERS.entrySet().stream()
                .filter(each -> each.getValue() + ENDED_BY_SIGNAL == code)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether a program with this exit code was ended by this signal, as far as its code tells. */
    boolean ended(int exitCode) {
        return exitCode == number + ENDED_BY_SIGNAL;
    }
}
