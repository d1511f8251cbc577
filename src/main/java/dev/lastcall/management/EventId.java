package dev.lastcall.management;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a note to readers that come back: {@code 2.7} is the seventh of the second generation. */
record EventId(long generation, int number) {
    static final EventId NONE = new EventId(0, 0);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,9})");

    /** {@link #NONE} where there is none, or it is not one of ours: then everything is new to the reader. */
    static EventId parse(@Nullable String text) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        return form.matches() ? new EventId(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2))) : NONE;
    }

    EventId next(long generationOfNext) {
        return new EventId(generationOfNext, generationOfNext == generation ? number + 1 : 1);
    }

    boolean isSeenBy(EventId lastSeen) {
        return generation == lastSeen.generation && number <= lastSeen.number;
    }

    @Override
    public String toString() {
        return generation + "." + number;
    }
}
