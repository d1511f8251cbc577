package dev.lastcall.management;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a note to readers that come back: {@code 2.7.3f2a9c1b} is the seventh of the second generation of that process.
 *
 * @param process tells this process' notes from those of one before it, whose numbers are the same
 */
record EventId(long generation, int number, String process) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})\\.([0-9]{1,9})(?:\\.([0-9a-f]{8}))?");

    /** Null where there is none, or it is not one of ours: then the reader has seen nothing. */
    static @Nullable EventId parse(@Nullable String text, String process) {
        Matcher form = FORM.matcher(text == null ? "" : text);
        if (!form.matches()) {
            return null;
        }
        String from = form.group(3) == null ? process : form.group(3);
        return new EventId(Long.parseLong(form.group(1)), Integer.parseInt(form.group(2)), from);
    }

    EventId next(long generationOfNext) {
        return new EventId(generationOfNext, generationOfNext == generation ? number + 1 : 1, process);
    }

    boolean isSeenBy(EventId lastSeen) {
        return process.equals(lastSeen.process)
                && (generation < lastSeen.generation
                        || (generation == lastSeen.generation && number <= lastSeen.number));
    }

    @Override
    public String toString() {
        return generation + "." + number + "." + process;
    }
}
