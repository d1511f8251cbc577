package dev.lastcall.management.console;

import java.util.List;

/**
 * HTML being put together. Templates are ours; what comes in by a <code>{}</code> is escaped for element content and for quoted attributes,
 * unless it is Html itself. This is the one place that decides what is markup.
 */
public final class Html {
    private static final String HOLE = "{}";

    private final StringBuilder markup = new StringBuilder();

    Html() {}

    /** The template with its holes filled, in order; there must be as many values as holes. */
    static Html of(String template, Object... values) {
        return new Html().add(template, values);
    }

    static Html join(List<Html> parts) {
        Html joined = new Html();
        parts.forEach(part -> joined.markup.append(part.markup));
        return joined;
    }

    /** Appends a template, as {@link #of} makes it. */
    Html add(String template, Object... values) {
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf(HOLE, from);
            if (hole < 0) {
                throw new IllegalArgumentException(
                        values.length + " values (expected: as many as {} in " + template + ")");
            }
            markup.append(template, from, hole);
            addValue(value);
            from = hole + HOLE.length();
        }
        if (template.indexOf(HOLE, from) >= 0) {
            throw new IllegalArgumentException(values.length + " values (expected: as many as {} in " + template + ")");
        }
        markup.append(template, from, template.length());
        return this;
    }

    private void addValue(Object value) {
        if (value instanceof Html part) {
            markup.append(part.markup);
        } else {
            String.valueOf(value).codePoints().forEach(this::addEscaped);
        }
    }

    private void addEscaped(int letter) {
        switch (letter) {
            case '&' -> markup.append("&amp;");
            case '<' -> markup.append("&lt;");
            case '>' -> markup.append("&gt;");
            case '"' -> markup.append("&quot;");
            case '\'' -> markup.append("&#39;");
            default -> markup.appendCodePoint(isShown(letter) ? letter : '\uFFFD');
        }
    }

    /** Control characters, and those that turn the direction of the text after them, could make a path look like another. */
    private static boolean isShown(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return markup.toString();
    }
}
