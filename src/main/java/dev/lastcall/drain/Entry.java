package dev.lastcall.drain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One admitted piece of work. It is in flight until its exchange has ended <em>and</em> every {@link Hold} on it was given back, and it
 * leaves the count exactly once, whoever ends it first: response, client, exception or the cut. Thread-safe.
 */
@Internal
public final class Entry implements Admission, DrainSignal {
    private static final int HOLDS = 0xffff;
    private static final int EXCHANGE_ENDED = 1 << 16;
    private static final int LEFT = 1 << 17;
    private static final int TOLD = 1 << 18;
    private static final int BROKEN_OFF = 1 << 19;
    private static final int CUT_ORDERED = 1 << 20;
    private static final int FORCED = 1 << 21;
    private static final VarHandle STATE;
    private static final Registration NOTHING_TO_TAKE_BACK = () -> {};

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Entry.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Stripe stripe;
    final Work work;
    final long startedAt;
    /**
     * Neighbours in the stripe's list and the class: guarded by the stripe's monitor. The class is also read outside it, by whoever has
     * held it since the class was written or does not mind the one before; a volatile one would cost each admission a fence.
     */
    @Nullable
    Entry previous;

    @Nullable
    Entry next;

    EntryClass kind;

    /** Number of holds in the low bits, flags above. Ended: its exchange has, and there is no hold. Zero at first, which needs no write. */
    private volatile int state;

    /** Written before the flag that makes it be read. */
    private volatile @Nullable Runnable cutNote;

    private boolean noted;

    /** Guarded by this entry's monitor. */
    private @Nullable List<Runnable> listeners;

    Entry(Stripe stripe, Work work, EntryClass kind, long startedAt) {
        this.stripe = stripe;
        this.work = work;
        this.kind = kind;
        this.startedAt = startedAt;
    }

    public EntryClass kind() {
        return kind;
    }

    /** Changes what the entry counts as, once it is known: {@code unary} becomes {@code stream} with the response's head. */
    public void become(EntryClass newKind) {
        stripe.reclassify(this, newKind);
        stripe.owner().catchUp(this);
    }

    /**
     * Ends the exchange; the entry itself ends with the last hold.
     *
     * @param outcome {@link Outcome#LEFT} also tells the work, which may go on for nobody
     * @return whether it was this call that ended the exchange
     */
    public boolean end(Outcome outcome) {
        Outcome how;
        int seen;
        int next;
        do {
            seen = state;
            if ((seen & EXCHANGE_ENDED) != 0) {
                return false;
            }
            how = isCutOrdered(seen) && outcome == Outcome.LEFT ? Outcome.CUT : brokenOff(seen, outcome);
            next = seen | EXCHANGE_ENDED | (how == Outcome.LEFT ? LEFT : 0);
            if (isCutOrdered(seen)) {
                next &= ~HOLDS;
            }
        } while (!STATE.weakCompareAndSet(this, seen, next));
        if (how == Outcome.LEFT) {
            tell();
        }
        Runnable note = cutNote;
        if (how == Outcome.CUT && note != null) {
            note.run();
        }
        if (ended(next)) {
            stripe.remove(this, how);
        }
        return true;
    }

    @Override
    public void breakOff() {
        STATE.getAndBitwiseOr(this, BROKEN_OFF);
    }

    /** Keeps the entry in flight beyond its exchange, for a worker that goes on; null where it has ended already. */
    public @Nullable Hold hold() {
        int seen;
        do {
            seen = state;
            if (ended(seen)) {
                return null;
            }
        } while (!STATE.weakCompareAndSet(this, seen, seen + 1));
        return new Hold(this);
    }

    void release() {
        int seen;
        do {
            seen = state;
            if (ended(seen)) {
                return;
            }
        } while (!STATE.weakCompareAndSet(this, seen, seen - 1));
        if (ended(seen - 1)) {
            stripe.remove(this, brokenOff(seen, (seen & LEFT) != 0 ? Outcome.LEFT : Outcome.COMPLETED));
        }
    }

    /** A stream that we broke off is neither answered nor left, though its connection's end looks like either. */
    private static Outcome brokenOff(int state, Outcome seen) {
        boolean ours = seen == Outcome.LEFT || seen == Outcome.COMPLETED;
        return ours && (state & BROKEN_OFF) != 0 ? Outcome.BROKEN_OFF : seen;
    }

    /**
     * Ends the entry by force, with whatever still holds it.
     *
     * @param note runs before the count falls, so that a report made at zero knows of this cut; not where the entry had ended
     */
    void cut(Runnable note) {
        if (work.endsItselfWhenCut() && isExchangeOpen()) {
            cutNote = note;
            int seen = (int) STATE.getAndBitwiseOr(this, CUT_ORDERED);
            if (!isCutOrdered(seen)) {
                work.cut();
            }
        } else if (endByForce()) {
            noteOnce(note);
            try {
                work.cut();
            } finally {
                stripe.remove(this, Outcome.CUT);
            }
        }
    }

    private boolean isExchangeOpen() {
        return (state & EXCHANGE_ENDED) == 0;
    }

    private static boolean isCutOrdered(int state) {
        return (state & CUT_ORDERED) != 0;
    }

    /**
     * Ends the entry as {@link #cut} does, but asks nothing of the work, since the process itself is about to go. A cut under way on another thread
     * counts from now on, though its work may still be busy with it.
     */
    void abandon(Runnable note) {
        if (endByForce() || (state & FORCED) != 0) {
            noteOnce(note);
            stripe.remove(this, Outcome.CUT);
        }
    }

    /** Under the monitor, so that whoever comes second counts a cut that is noted, and not one whose other thread is about to note it. */
    private synchronized void noteOnce(Runnable note) {
        if (!noted) {
            noted = true;
            note.run();
        }
    }

    private boolean endByForce() {
        int seen;
        do {
            seen = state;
            if (ended(seen)) {
                return false;
            }
        } while (!STATE.weakCompareAndSet(this, seen, (seen & ~HOLDS) | EXCHANGE_ENDED | FORCED));
        return true;
    }

    void tell() {
        int seen = (int) STATE.getAndBitwiseOr(this, TOLD);
        if ((seen & TOLD) != 0) {
            return;
        }
        List<Runnable> actions;
        synchronized (this) {
            actions = listeners == null ? List.of() : listeners;
            listeners = null;
        }
        Isolated.runAll(actions);
    }

    boolean isOpen() {
        return !ended(state);
    }

    private static boolean ended(int state) {
        return (state & (EXCHANGE_ENDED | HOLDS)) == EXCHANGE_ENDED;
    }

    @Override
    public boolean isCancelled() {
        return (state & TOLD) != 0;
    }

    @Override
    public boolean clientGone() {
        return (state & LEFT) != 0;
    }

    @Override
    public Registration onCancelled(Runnable action) {
        synchronized (this) {
            // Checked inside the monitor: tell() sets the flag before it takes the list, so an action is either in the
            // list or run here.
            if (!isCancelled()) {
                if (listeners == null) {
                    listeners = new ArrayList<>(1);
                }
                listeners.add(action);
                return () -> takeBack(action);
            }
        }
        action.run();
        return NOTHING_TO_TAKE_BACK;
    }

    private synchronized void takeBack(Runnable action) {
        if (listeners != null) {
            listeners.remove(action);
        }
    }
}
