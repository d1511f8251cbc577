package dev.lastcall.drain;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The contract's table of stages as a program of its own: no locks, no timers, one number of milliseconds. It says what the engine has to
 * show after each event. Written from the document, so that a mistake in the engine is not a mistake here.
 */
final class DrainTable {
    static final int GRACE = 10_000;
    /** The time that a pod's deletion leaves, less than the configuration counts on. */
    static final int GRACE_OF_THE_POD = 5_000;

    static final int EXIT_MARGIN = 1_000;
    static final int LAME_DUCK_MAX = 2_000;
    static final int CANCEL_RESERVE = 1_500;
    static final int RELEASE_RESERVE = 2_000;
    private static final int RELEASE_MINIMUM = 1_500;
    private static final int EXPIRY = GRACE + 5_000;
    private static final int NONE = Integer.MAX_VALUE;

    final boolean serves;
    DrainState state = DrainState.SERVING;
    final Set<Trigger> triggers = new LinkedHashSet<>();
    int now;
    int deadline = NONE;
    int hooks;
    int open;
    int served;
    int rejected;
    int cut;
    int interrupts;
    int generation = 1;
    boolean releaseDue;
    private int interruptedAt;
    private int lameDuckEnd = NONE;
    private int lameDuckStart;
    private int cancelAt = NONE;
    private int cutAt = NONE;
    private int expireAt = NONE;
    private boolean cutOrdered;

    DrainTable(boolean serves) {
        this.serves = serves;
    }

    void trigger(Trigger trigger) {
        boolean first = triggers.add(trigger);
        if (trigger == Trigger.SIGINT && (first || now - interruptedAt >= 500)) {
            interrupts++;
            interruptedAt = now;
        }
        if (first && trigger != Trigger.OPERATOR) {
            terminate(trigger);
        }
        boolean interrupt = trigger == Trigger.SIGINT;
        if (state == DrainState.SERVING && !interrupt) {
            state = DrainState.LAME_DUCK;
            lameDuckStart = now;
        } else if (interrupt && (state == DrainState.SERVING || state == DrainState.LAME_DUCK)) {
            beginDraining();
        } else if (interrupt && interrupts > 1 && isUnderWay()) {
            cancelAt = now;
            cutAt = Math.min(cutAt, now + 1_000);
            cancel();
        }
        if (state == DrainState.LAME_DUCK) {
            // Without any traffic there is no quiet to judge by: max under a termination, else max of silence, which is
            // the same here.
            lameDuckEnd = lameDuckStart + LAME_DUCK_MAX;
        }
        announce();
        settle();
    }

    private void terminate(Trigger trigger) {
        boolean overtakes =
                trigger == Trigger.SIGTERM && hooks > 0 && triggers.contains(Trigger.PRE_STOP) && isUnderWay();
        if (deadline == NONE) {
            budget(now + GRACE - EXIT_MARGIN);
        }
        if (overtakes) {
            int planned = cutAt;
            budget(Math.min(deadline, now + 2_000));
            cutAt = Math.max(cutAt, now + half());
            cancelAt = now;
            if (state == DrainState.CANCELLING) {
                cutAt = Math.min(cutAt, planned);
            }
        }
        if (isFinal()) {
            expireAt = NONE;
        } else {
            expireAt = now + EXPIRY;
        }
    }

    /** The stages share what is left as the configured ones share theirs; a cancel has a second, half of what is left at most is for the release. */
    void podDeleted() {
        trigger(Trigger.POD_DELETION);
        int left = GRACE_OF_THE_POD - EXIT_MARGIN;
        if (state.compareTo(DrainState.RELEASING) >= 0 || now + left >= deadline) {
            return;
        }
        int planned = cutAt;
        deadline = now + left;
        cutAt = deadline - Math.max(RELEASE_RESERVE * left / (GRACE - EXIT_MARGIN), RELEASE_MINIMUM);
        cancelAt = cutAt - 1_000;
        if (state == DrainState.CANCELLING) {
            cutAt = Math.min(cutAt, planned);
        }
        settle();
    }

    private void budget(int end) {
        deadline = end;
        cutAt = end - RELEASE_RESERVE;
        cancelAt = cutAt - CANCEL_RESERVE;
    }

    private int half() {
        return Math.max(0, Math.min(1_000, (deadline - now) / 2));
    }

    /** Whether another SIGINT now is the same press as the last. */
    boolean isPressed() {
        return interrupts > 0 && now - interruptedAt < 500;
    }

    boolean ends() {
        return triggers.contains(Trigger.SIGTERM)
                || triggers.contains(Trigger.SIGINT)
                || triggers.contains(Trigger.PROCESS_EXIT);
    }

    private boolean isFinal() {
        return ends() || triggers.contains(Trigger.POD_DELETION);
    }

    boolean terminates() {
        return isFinal() || triggers.contains(Trigger.PRE_STOP);
    }

    boolean isUnderWay() {
        return state == DrainState.LAME_DUCK || state == DrainState.DRAINING || state == DrainState.CANCELLING;
    }

    boolean admits() {
        return state == DrainState.SERVING || state == DrainState.LAME_DUCK || (serves && state == DrainState.DRAINING);
    }

    private void beginDraining() {
        state = DrainState.DRAINING;
        ifEmpty();
    }

    private void cancel() {
        if (expired()) {
            return;
        }
        if (state == DrainState.LAME_DUCK) {
            beginDraining();
        }
        if (state == DrainState.DRAINING) {
            state = DrainState.CANCELLING;
            cutAt = Math.max(cutAt, now + Math.min(half(), CANCEL_RESERVE));
        }
    }

    private void ifEmpty() {
        if (open == 0 && (state == DrainState.DRAINING || state == DrainState.CANCELLING)) {
            state = DrainState.DRAINED;
            announce();
            expired();
        }
    }

    private void announce() {
        releaseDue |= state == DrainState.DRAINED && ends();
    }

    private boolean expired() {
        boolean undoable = state == DrainState.LAME_DUCK || state == DrainState.DRAINING || state == DrainState.DRAINED;
        if (expireAt > now || !undoable) {
            return false;
        }
        expireAt = NONE;
        triggers.remove(Trigger.PRE_STOP);
        deadline = NONE;
        if (triggers.isEmpty()) {
            undo();
        }
        return true;
    }

    private void undo() {
        state = DrainState.SERVING;
        triggers.clear();
        deadline = NONE;
        expireAt = NONE;
        interrupts = 0;
        cutOrdered = false;
        generation++;
    }

    /** 200 or 409. */
    boolean undrain() {
        boolean undone = state == DrainState.SERVING
                || (!terminates() && state != DrainState.CANCELLING && state.compareTo(DrainState.RELEASING) < 0);
        if (undone && state != DrainState.SERVING) {
            undo();
        }
        return undone;
    }

    boolean admit() {
        if (admits()) {
            open++;
            return true;
        }
        rejected++;
        return false;
    }

    void end() {
        open--;
        served++;
        ifEmpty();
    }

    boolean beginRelease() {
        if (state == DrainState.DRAINED && ends()) {
            state = DrainState.RELEASING;
            return true;
        }
        return false;
    }

    void stopped() {
        if (state == DrainState.RELEASING) {
            state = DrainState.STOPPED;
        }
    }

    /** Returns the time at which something happens next by itself; null: never. */
    @Nullable
    Integer next() {
        int next = NONE;
        if (state == DrainState.LAME_DUCK) {
            next = Math.min(next, lameDuckEnd);
        }
        if (deadline != NONE && (state == DrainState.LAME_DUCK || state == DrainState.DRAINING)) {
            next = Math.min(next, Math.min(cancelAt, cutAt));
        }
        if (deadline != NONE && state == DrainState.CANCELLING && !cutOrdered) {
            next = Math.min(next, cutAt);
        }
        if (state != DrainState.CANCELLING) {
            next = Math.min(next, expireAt);
        }
        return next == NONE ? null : next;
    }

    void advanceTo(int target) {
        for (Integer at = next(); at != null && at <= target; at = next()) {
            now = Math.max(now, at);
            settle();
        }
        now = target;
    }

    /** Time passed, nothing happened meanwhile, and now everything that was due does, in its order. */
    void frozenUntil(int target) {
        now = target;
        settle();
    }

    private void settle() {
        for (Integer at = next(); at != null && at <= now; at = next()) {
            if (state == DrainState.LAME_DUCK && at == lameDuckEnd) {
                lameDuckEnd = NONE;
                beginDraining();
            } else if (at == expireAt) {
                expired();
            } else if (state == DrainState.CANCELLING) {
                cutOrdered = true;
            } else {
                cancel();
            }
        }
        if (cutOrdered && state == DrainState.CANCELLING) {
            cut += open;
            open = 0;
            ifEmpty();
        }
    }

    /** Everything on which the future depends. */
    String key() {
        return state + " " + new TreeSet<>(triggers) + " " + ago(deadline) + " " + hooks + " " + open + " "
                + Math.min(interrupts, 3) + " "
                + (interrupts == 0 ? 0 : Math.min(500, now - interruptedAt)) + " " + releaseDue + " " + ago(lameDuckEnd)
                + " "
                + ago(cancelAt) + " " + ago(cutAt) + " " + ago(expireAt) + " " + cutOrdered;
    }

    private String ago(int instant) {
        return instant == NONE ? "-" : Integer.toString(instant - now);
    }
}
