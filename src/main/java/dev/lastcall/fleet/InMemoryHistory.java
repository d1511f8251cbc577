package dev.lastcall.fleet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last {@value #KEPT} past drains of this process. Thread-safe. */
final class InMemoryHistory {
    private static final int KEPT = 32;

    private final Deque<PastDrain> drains = new ArrayDeque<>();

    synchronized void add(PastDrain drain) {
        if (drains.size() == KEPT) {
            drains.removeLast();
        }
        drains.addFirst(drain);
    }

    synchronized List<PastDrain> find(HistoryQuery query) {
        return drains.stream().filter(query::asksFor).limit(query.limit()).toList();
    }
}
