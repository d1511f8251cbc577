package dev.lastcall.drain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/** The admitted work that has not ended, in stripes that open and close together. Thread-safe. */
@Internal
public final class InFlight {
    private static final int STRIPES_PER_CORE = 4;
    private static final Duration STUCK = Duration.ofMillis(500);

    private final Time time;
    private final Stripe[] stripes;
    private final LongAdder rejected = new LongAdder();
    private final LongAdder crossed = new LongAdder();
    private final Map<EntryClass, LongAdder> cutByClass = new EnumMap<>(EntryClass.class);
    private volatile Sweep ordered = Sweep.NONE;
    private volatile Runnable onEmpty = () -> {};
    private volatile Cuts cuts = new Cuts();

    public InFlight(Time time) {
        this.time = time;
        for (EntryClass kind : EntryClass.values()) {
            cutByClass.put(kind, new LongAdder());
        }
        int wanted = Math.max(8, STRIPES_PER_CORE * Runtime.getRuntime().availableProcessors());
        stripes = new Stripe[Integer.highestOneBit(2 * wanted - 1)];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = Stripe.of(this);
        }
    }

    /**
     * Admits and counts in one step, or refuses and counts that.
     *
     * @param resetsQuiet whether this request shows that clients still come; false for probes and scrapers
     */
    public Admission admit(Work work, EntryClass kind, boolean resetsQuiet) {
        Stripe stripe = stripes[(int) Thread.currentThread().getId() & (stripes.length - 1)];
        Entry entry = new Entry(stripe, work, kind, time.nanoTime());
        if (!stripe.admit(entry, resetsQuiet)) {
            rejected.increment();
            return Refused.REFUSED;
        }
        catchUp(entry);
        return entry;
    }

    /** Whether new work is admitted, as far as one can tell without asking to be. */
    public boolean isOpen() {
        return stripes[0].isOpen();
    }

    /** Reports bytes that arrived on a connection already being closed: never served, never counted as rejected. */
    public void crossed() {
        crossed.increment();
    }

    /** Admitted work that has not ended. */
    public long count() {
        return LongStream.of(openByClass()).sum();
    }

    private long[] openByClass() {
        long[] sums = new long[EntryClass.values().length];
        for (Stripe stripe : stripes) {
            stripe.addOpenTo(sums);
        }
        return sums;
    }

    public Map<EntryClass, Long> countByClass() {
        long[] sums = openByClass();
        Map<EntryClass, Long> counts = new EnumMap<>(EntryClass.class);
        for (EntryClass kind : EntryClass.values()) {
            counts.put(kind, sums[kind.index()]);
        }
        return counts;
    }

    /** The longest-running entries, oldest first. */
    public List<EntryView> oldest(int limit) {
        long now = time.nanoTime();
        return entries().stream()
                .sorted(Comparator.comparingLong((Entry entry) -> now - entry.startedAt)
                        .reversed())
                .limit(limit)
                .map(entry -> EntryView.of(entry, now))
                .toList();
    }

    /** Returns the counts since the process started. */
    public Totals totals() {
        long[] ended = new long[Outcome.values().length];
        for (Stripe stripe : stripes) {
            stripe.addEndedTo(ended);
        }
        return new Totals(
                ended[Outcome.COMPLETED.index()],
                rejected.sum(),
                ended[Outcome.CUT.index()],
                ended[Outcome.LEFT.index()],
                crossed.sum(),
                ended[Outcome.HANDED_OFF.index()],
                ended[Outcome.LOST.index()],
                ended[Outcome.BROKEN_OFF.index()]);
    }

    /** Returns the entries that the last sweep cut. */
    public Cuts cuts() {
        return cuts;
    }

    /** Returns the number of entries of a class cut since the process started. */
    public long cutOf(EntryClass kind) {
        LongAdder sum = cutByClass.get(kind);
        return sum == null ? 0 : sum.sum();
    }

    void onEmpty(Runnable action) {
        onEmpty = action;
    }

    void emptied() {
        onEmpty.run();
    }

    /** Starts to signal the end of the last entry. */
    void watch() {
        for (Stripe stripe : stripes) {
            stripe.watch();
        }
    }

    /** Closes the gate: once this has returned nothing is admitted, and the count can only fall. */
    void close() {
        for (Stripe stripe : stripes) {
            stripe.close();
        }
    }

    /** Closes in one step if nothing is in flight; false leaves it as it was. */
    boolean closeIfEmpty() {
        List<Stripe> all = List.of(stripes);
        return all.get(0).closeIfEmpty(all.subList(1, all.size()));
    }

    void reopen() {
        ordered = Sweep.NONE;
        cuts = new Cuts();
        for (Stripe stripe : stripes) {
            stripe.reopen();
        }
    }

    /** Decides what is done to every entry; entries that come late do it to themselves, {@link #sweep()} does it to the others. */
    void order(Sweep sweep) {
        ordered = sweep;
    }

    /** Does to every open entry what was ordered. Runs foreign code: never under a lock. */
    void sweep() {
        entries().forEach(this::catchUp);
        if (ordered == Sweep.CUT) {
            time.schedule(STUCK, this::forceCut);
        }
    }

    /** Counts work as cut that was to end itself when it was cut and did not: the thread that is to end it, perhaps an event loop, is stuck. */
    private void forceCut() {
        if (ordered == Sweep.CUT) {
            abandon(entries());
        }
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        for (Stripe stripe : stripes) {
            stripe.addTo(entries);
        }
        return entries;
    }

    /**
     * The process is being halted: admits nothing more, and counts everything in flight as cut without running anything for it. Nobody is
     * told that this is empty then, since the drain does not go on.
     */
    void abandon() {
        onEmpty = () -> {};
        close();
        abandon(entries());
    }

    private void abandon(List<Entry> open) {
        long now = time.nanoTime();
        Cuts noted = cuts;
        for (Entry entry : open) {
            EntryView view = EntryView.of(entry, now);
            entry.abandon(() -> note(noted, view));
        }
    }

    /** Gives an entry what was ordered before it was linked, or before it became a stream. */
    void catchUp(Entry entry) {
        Sweep due = ordered;
        if (due.tells(entry.kind())) {
            entry.tell();
        }
        // Told first: where the deadline leaves nothing between the two, work may still end by itself.
        if (due == Sweep.CUT) {
            cut(entry);
        }
    }

    private void cut(Entry entry) {
        EntryView view = EntryView.of(entry, time.nanoTime());
        Cuts noted = cuts;
        Isolated.run(() -> entry.cut(() -> note(noted, view)));
    }

    private void note(Cuts noted, EntryView view) {
        noted.note(view);
        LongAdder sum = cutByClass.get(view.kind());
        if (sum != null) {
            sum.increment();
        }
    }

    long arrivalsInWindow(long now) {
        long sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.arrivalsInWindow(now);
        }
        return sum;
    }

    long lastArrivalSince(long earliest) {
        long last = earliest;
        for (Stripe stripe : stripes) {
            last = stripe.lastArrivalSince(last);
        }
        return last;
    }
}
