package dev.lastcall.lint;

/**
 * Text of foreign files made harmless for a terminal and for a CI system's log: no control characters, no line breaks, nothing that changes
 * the direction of writing, and no start of a line that is a command there.
 */
final class Escaped {
    private Escaped() {}

    /** A text as a part of one line. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(each -> append(line, each));
        return line.toString();
    }

    /** A file's name at the start of a line, where {@code ::error::} or {@code ##[error]} would be read as commands. */
    static String file(String name) {
        String line = line(name);
        return line.matches("[A-Za-z0-9._/\\\\-].*") || line.isEmpty() ? line : "./" + line;
    }

    private static void append(StringBuilder line, int character) {
        switch (character) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isInvisible(character)) {
                    line.append("\\u{").append(Integer.toHexString(character)).append('}');
                } else {
                    line.appendCodePoint(character);
                }
            }
        }
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
