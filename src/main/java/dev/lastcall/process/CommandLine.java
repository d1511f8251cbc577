package dev.lastcall.process;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a command at its blanks, as a shell does without everything else that a shell does. */
final class CommandLine {
    /** Pieces of a word: plain, in single quotes, in double quotes. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]+|'[^']*'|\"[^\"]*\")+");

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    private CommandLine() {}

    /** @throws IllegalArgumentException where it is empty or a quote is left open; the message says what was expected */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        int end = 0;
        while (word.find()) {
            requireBlank(command, end, word.start());
            words.add(QUOTED.matcher(word.group()).replaceAll(CommandLine::withoutQuotes));
            end = word.end();
        }
        requireBlank(command, end, command.length());
        if (words.isEmpty()) {
            throw new IllegalArgumentException(command + " (expected: a program and its arguments)");
        }
        return words;
    }

    private static String withoutQuotes(MatchResult quoted) {
        String inner = quoted.group(1) != null ? quoted.group(1) : quoted.group(2);
        return Matcher.quoteReplacement(inner);
    }

    private static void requireBlank(String command, int from, int to) {
        if (!command.substring(from, to).isBlank()) {
            throw new IllegalArgumentException(command + " (expected: every quote closed)");
        }
    }
}
