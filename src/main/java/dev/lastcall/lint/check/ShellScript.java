package dev.lastcall.lint.check;

import java.util.ArrayList;
import java.util.List;

/**
 * A shell script cut into its single commands. Quotes, substitutions and comments are seen, functions and here-documents are not.
 *
 * @param commands without what stands between them
 * @param separators what stands behind each: {@code ;}, a line's end, {@code &}, {@code &&}, {@code |}, {@code ||}, or nothing at the end
 */
record ShellScript(List<String> commands, List<String> separators) {
    private static final String BACKGROUND_AND_END = "&\n";

    static ShellScript of(String text) {
        return new Scanner(text.replace("\\\n", " ")).scan();
    }

    /** Whether a command is left running while the shell goes on. */
    boolean hasBackground() {
        return separators.contains("&") || separators.contains(BACKGROUND_AND_END);
    }

    /** Returns what stands between the commands of a command's line before it. */
    List<String> line(int place) {
        int start = place;
        while (start > 0 && !separators.get(start - 1).endsWith("\n")) {
            start--;
        }
        return separators.subList(start, place);
    }

    /** Reads a text once. */
    private static final class Scanner {
        private final String text;
        private final List<String> commands = new ArrayList<>();
        private final List<String> separators = new ArrayList<>();
        private final StringBuilder command = new StringBuilder();
        private int place;
        private int depth;
        private char quote;

        Scanner(String text) {
            this.text = text;
        }

        ShellScript scan() {
            while (place < text.length()) {
                step(text.charAt(place));
                place++;
            }
            end("");
            return new ShellScript(List.copyOf(commands), List.copyOf(separators));
        }

        private void step(char at) {
            if (at == '\\' && quote != '\'' && place + 1 < text.length()) {
                command.append(at).append(text.charAt(++place));
            } else if (quote != 0) {
                quote = at == quote ? 0 : quote;
                command.append(at);
            } else if (at == '\'' || at == '"' || at == '`') {
                quote = at;
                command.append(at);
            } else if (at == '#' && (command.length() == 0 || command.toString().endsWith(" "))) {
                int line = text.indexOf('\n', place);
                place = (line < 0 ? text.length() : line) - 1;
            } else {
                unquoted(at);
            }
        }

        private void unquoted(char at) {
            boolean opens = at == '(';
            depth = Math.max(0, depth + (opens ? 1 : 0) - (at == ')' ? 1 : 0));
            boolean redirection = at == '&' && (peek(-1) == '>' || peek(1) == '>');
            if (depth == 0 && !redirection && (at == ';' || at == '\n' || at == '&' || at == '|')) {
                boolean twice = at != '\n' && at != ';' && peek(1) == at;
                place += twice ? 1 : 0;
                String one = String.valueOf(at);
                end(twice ? one + one : one);
            } else {
                command.append(at);
            }
        }

        private char peek(int offset) {
            int other = place + offset;
            return other >= 0 && other < text.length() ? text.charAt(other) : 0;
        }

        private void end(String separator) {
            String one = command.toString().strip();
            command.setLength(0);
            int last = separators.size() - 1;
            if (!one.isEmpty()) {
                commands.add(one);
                separators.add(separator);
            } else if (separator.equals("\n")
                    && last >= 0
                    && separators.get(last).matches("[;&]")) {
                separators.set(last, separators.get(last).equals("&") ? BACKGROUND_AND_END : separator);
            }
        }
    }
}
