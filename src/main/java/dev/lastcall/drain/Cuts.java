package dev.lastcall.drain;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The entries that were cut: a count for each class, and the first {@value #NAMED} by name. Thread-safe. */
@Internal
public final class Cuts {
    private static final int NAMED = 16;

    private final Map<EntryClass, Long> counts = new EnumMap<>(EntryClass.class);
    private final List<EntryView> named = new ArrayList<>();

    synchronized void note(EntryView view) {
        counts.merge(view.kind(), 1L, Long::sum);
        if (named.size() < NAMED) {
            named.add(view);
        }
    }

    public synchronized Map<EntryClass, Long> countByClass() {
        return Map.copyOf(counts);
    }

    public synchronized List<EntryView> named() {
        return List.copyOf(named);
    }
}
