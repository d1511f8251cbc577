package dev.lastcall.drain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several gates, each with the list of what it admitted, so that threads admitting at the same time rarely meet. Admission,
 * counting and linking are one step under its monitor: nothing slips between check and count, and once it is closed it can only empty.
 * The monitor is held for a few instructions and never while foreign code runs.
 */
class Stripe {
    /** Two cache lines, since a processor fetches them in pairs. */
    private static final int PADDING = 16;

    private static final int CLASSES = EntryClass.values().length;
    private static final int OUTCOMES = Outcome.values().length;

    private final InFlight owner;
    private final Arrivals arrivals = new Arrivals();
    /** Open entries of each class, then ended ones of each outcome. */
    private final long[] counts = new long[CLASSES + OUTCOMES + PADDING];

    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private boolean closed;
    private boolean watched;

    private Stripe(InFlight owner) {
        this.owner = owner;
    }

    static Stripe of(InFlight owner) {
        return new Padded(owner);
    }

    InFlight owner() {
        return owner;
    }

    /** Counts and links the entry, or returns false where the gate is closed. */
    synchronized boolean admit(Entry entry, boolean resetsQuiet) {
        if (closed) {
            return false;
        }
        Entry last = newest;
        entry.previous = last;
        if (last == null) {
            oldest = entry;
        } else {
            last.next = entry;
        }
        newest = entry;
        counts[entry.kind().index()]++;
        if (resetsQuiet) {
            arrivals.note(entry.startedAt);
        }
        return true;
    }

    /** Uncounts the entry once, and signals the end of the last one if that is being watched. */
    void remove(Entry entry, Outcome outcome) {
        if (unlink(entry, outcome)) {
            owner.emptied();
        }
    }

    private synchronized boolean unlink(Entry entry, Outcome outcome) {
        Entry before = entry.previous;
        Entry after = entry.next;
        if (before == null && oldest != entry) {
            return false;
        }
        if (before == null) {
            oldest = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.previous = before;
        }
        // An ended entry that somebody keeps, or that is old garbage, must not keep the entries alive that came after
        // it.
        entry.previous = null;
        entry.next = null;
        counts[entry.kind().index()]--;
        counts[CLASSES + outcome.index()]++;
        return watched && oldest == null;
    }

    /** Changes an entry's class; nothing where the entry has ended, since its count is gone. */
    synchronized void reclassify(Entry entry, EntryClass kind) {
        if (entry.isOpen()) {
            counts[entry.kind().index()]--;
            entry.kind = kind;
            counts[kind.index()]++;
        }
    }

    /** Starts to signal the end of the last entry. */
    synchronized void watch() {
        watched = true;
    }

    synchronized boolean isOpen() {
        return !closed;
    }

    synchronized void close() {
        closed = true;
    }

    /** Closes this stripe and the others if nobody is in any of them: holds all their monitors at once, always in the same order. */
    synchronized boolean closeIfEmpty(List<Stripe> others) {
        boolean empty =
                oldest == null && (others.isEmpty() || others.get(0).closeIfEmpty(others.subList(1, others.size())));
        if (empty) {
            closed = true;
        }
        return empty;
    }

    /** Opens the gate as at the start; a new drain is measured by the traffic from here on. */
    synchronized void reopen() {
        closed = false;
        watched = false;
        arrivals.forget();
    }

    /** The open entries, oldest first. */
    synchronized void addTo(List<Entry> entries) {
        for (Entry entry = oldest; entry != null; entry = entry.next) {
            entries.add(entry);
        }
    }

    synchronized void addOpenTo(long[] sums) {
        for (int i = 0; i < CLASSES; i++) {
            sums[i] += counts[i];
        }
    }

    synchronized void addEndedTo(long[] sums) {
        for (int i = 0; i < OUTCOMES; i++) {
            sums[i] += counts[CLASSES + i];
        }
    }

    synchronized long arrivalsInWindow(long now) {
        return arrivals.inWindow(now);
    }

    synchronized long lastArrivalSince(long earliest) {
        return arrivals.lastSince(earliest);
    }

    /** Keeps the monitors and list ends of two stripes off each other's cache lines, wherever the collector moves them. */
    @SuppressWarnings("unused")
    private static final class Padded extends Stripe {
        private long pad0, pad1, pad2, pad3, pad4, pad5, pad6, pad7;
        private long pad8, pad9, pad10, pad11, pad12, pad13, pad14, pad15;

        Padded(InFlight owner) {
            super(owner);
        }
    }
}
