package dev.lastcall.process;

import dev.lastcall.config.SecretMask;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command into words as a POSIX shell does: blanks, quotes and backslashes; nothing else that a shell reads means anything (no
 * variables, pipes or wildcards). One use: {@link #words(String)}.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02">POSIX, Quoting</a>
 */
final class CommandLine {
    /** The characters before which a backslash is an escape within double quotes, as is a line feed; before all others it stands for itself. */
    private static final String ESCAPED_IN_QUOTES = "$`\"\\";

    private final String command;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    private CommandLine(String command) {
        this.command = command;
    }

    /** @throws IllegalArgumentException where it is empty or a quote is left open; the message says where and what was expected */
    static List<String> words(String command) {
        return new CommandLine(command).split();
    }

    private List<String> split() {
        while (at < command.length()) {
            char next = command.charAt(at);
            if (Character.isWhitespace(next)) {
                endWord();
                at++;
            } else {
                begun = true;
                readPiece(next);
            }
        }
        endWord();
        if (words.isEmpty() || words.get(0).isEmpty()) {
            throw new IllegalArgumentException(SecretMask.of(command) + " (expected: a program and its arguments)");
        }
        return words;
    }

    private void readPiece(char next) {
        switch (next) {
            case '\'' -> readSingleQuoted();
            case '"' -> readDoubleQuoted();
            case '\\' -> {
                if (at + 1 == command.length()) {
                    throw wrong(at, "something behind the backslash");
                }
                appendUnlessLineEnd(command.charAt(at + 1));
                at += 2;
            }
            default -> {
                word.append(next);
                at++;
            }
        }
    }

    private void readSingleQuoted() {
        int end = command.indexOf('\'', at + 1);
        if (end < 0) {
            throw wrong(at, "every quote closed");
        }
        word.append(command, at + 1, end);
        at = end + 1;
    }

    private void readDoubleQuoted() {
        int open = at++;
        while (at < command.length() && command.charAt(at) != '"') {
            char next = command.charAt(at);
            boolean more = next == '\\' && at + 1 < command.length();
            if (more && (ESCAPED_IN_QUOTES + '\n').indexOf(command.charAt(at + 1)) >= 0) {
                appendUnlessLineEnd(command.charAt(at + 1));
                at += 2;
            } else {
                word.append(next);
                at++;
            }
        }
        if (at == command.length()) {
            throw wrong(open, "every quote closed");
        }
        at++;
    }

    /** A backslash at the end of a line joins it with the next. */
    private void appendUnlessLineEnd(char next) {
        if (next != '\n') {
            word.append(next);
        }
    }

    private void endWord() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }

    private IllegalArgumentException wrong(int index, String expected) {
        return new IllegalArgumentException(SecretMask.of(command) + " (expected: " + expected + "; at character "
                + (index + 1) + ": " + command.charAt(index) + ")");
    }
}
