package dev.lastcall.drain;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * An in-flight entry as shown to people.
 *
 * @param path at most {@value #MAX_PATH} characters, without a query
 * @param age since its admission
 * @param told whether it has been told to end
 */
@Internal
public record EntryView(EntryClass kind, String method, String path, Duration age, boolean told, boolean clientGone) {
    static final int MAX_PATH = 80;

    public EntryView {
        int query = path.indexOf('?');
        String bare = query < 0 ? path : path.substring(0, query);
        path = bare.length() > MAX_PATH ? bare.substring(0, MAX_PATH) : bare;
    }

    static EntryView of(Entry entry, long now) {
        return new EntryView(
                entry.kind(),
                nameOf(entry.work::method),
                nameOf(entry.work::path),
                Duration.ofNanos(now - entry.startedAt),
                entry.isCancelled(),
                entry.clientGone());
    }

    /** A name is read while its request may be ending on another thread: no race there may keep an entry from being shown or cut. */
    private static String nameOf(Supplier<String> name) {
        try {
            return Objects.requireNonNull(name.get());
        } catch (RuntimeException e) {
            return "(unknown)";
        }
    }
}
