package dev.lastcall.drain;

import dev.lastcall.drain.Timers.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine: one drain from the first trigger to the exit. Every transition happens under one lock, every wait ends by an event (the
 * last entry's end) or by an instant cut from the one {@link Budget}; nothing polls, and no foreign code runs under the lock.
 * Thread-safe.
 */
@Internal
public final class Drain {
    /** A {@code pre-stop} that no signal followed is undone this long after the grace period. */
    private static final Duration EXPIRY_MARGIN = Duration.ofSeconds(5);
    /** The time until the kill that the kubelet leaves after a signal that comes while preStop is unanswered. */
    private static final Duration OVERTAKEN = Duration.ofSeconds(2);

    private static final String OVERTAKEN_WARNING = "%s came while the preStop hook was unanswered: the pod's"
            + " terminationGracePeriodSeconds is shorter than grace-period=%s; the deadline is now %s away";
    private static final String SHORTENED_WARNING =
            "this pod is given %s, less than grace-period=%s: the stages share what is"
                    + " left; the deadline is now %s away";
    /** CANCELLING after a second SIGINT. */
    private static final Duration FORCED_CANCEL = Duration.ofSeconds(1);

    private final DrainSettings settings;
    private final Time time;
    private final InFlight inFlight;
    private final DrainTimeline timeline;
    private final Progress progress;
    private final Object lock = new Object();
    private final List<Consumer<Report>> undone = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> releaseDue = new CompletableFuture<>();

    // Guarded by the lock; ready and the program's exit code are also read outside it.
    private final Triggers triggers = new Triggers();
    private final Timers timers;
    private volatile boolean ready = true;
    private volatile int processExit;
    private @Nullable DrainRequest request;
    private @Nullable Budget budget;
    private @Nullable LameDuckWatch lameDuck;
    private Totals before;
    private int openPreStops;
    private long expiry;

    public Drain(DrainSettings settings, Time time, InFlight inFlight) {
        this.settings = settings;
        this.time = time;
        this.inFlight = inFlight;
        timeline = new DrainTimeline(time);
        progress = new Progress(time, timeline);
        timers = new Timers(time, lock);
        before = inFlight.totals();
        inFlight.onEmpty(this::emptied);
    }

    /**
     * Starts or joins as {@link #trigger(Trigger)} does, and notes who asked and why: the first who gives a reason, else the first.
     */
    public void trigger(Trigger trigger, DrainRequest asked) {
        synchronized (lock) {
            boolean better = request == null || (request.reason() == null && asked.reason() != null);
            request = better ? asked : request;
            trigger(trigger);
        }
    }

    /** Starts a drain, or joins the one under way. Idempotent for every trigger but {@code sigint}, whose second one forces. */
    public void trigger(Trigger trigger) {
        synchronized (lock) {
            long now = time.nanoTime();
            if (triggers.none()) {
                progress.begin(now);
                before = inFlight.totals();
            }
            boolean first = triggers.add(trigger, now);
            if (first) {
                progress.note(Note.Event.TRIGGER, trigger.key());
                if (trigger.terminates()) {
                    join(trigger, now);
                }
            }
            proceed(trigger, now);
        }
    }

    /**
     * {@link Trigger#PROCESS_EXIT}: a supervised program has ended for good, and the process ends with its code. The first of several
     * that failed counts.
     */
    public void processExited(int code) {
        synchronized (lock) {
            processExit = processExit == 0 ? code : processExit;
            trigger(Trigger.PROCESS_EXIT);
        }
    }

    /** Starts or joins a drain as {@link #preStop(DrainRequest)} does, for a hook whose caller nobody knows. */
    public DrainSignal.Registration preStop() {
        return preStop(new DrainRequest("unknown", null));
    }

    /**
     * {@link Trigger#PRE_STOP} of a hook that waits for DRAINED.
     *
     * @param asked who calls it
     * @return to be closed once the hook was answered or its client is gone: only a signal that finds one open has overtaken it
     */
    public DrainSignal.Registration preStop(DrainRequest asked) {
        synchronized (lock) {
            openPreStops++;
            trigger(Trigger.PRE_STOP, asked);
        }
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                synchronized (lock) {
                    openPreStops--;
                }
            }
        };
    }

    /**
     * {@link Trigger#POD_DELETION}: this pod ends, whether its preStop hook arrives or not. Told again with a shorter grace period, the
     * deadline shrinks again; it never grows.
     *
     * @param grace what the kubelet leaves from now on; null where that is not known
     * @param asked who ends it, and why
     */
    public void podDeleted(@Nullable Duration grace, DrainRequest asked) {
        synchronized (lock) {
            trigger(Trigger.POD_DELETION, asked);
            if (grace != null && budget != null && progress.state().compareTo(DrainState.RELEASING) < 0) {
                shorten(budget, grace, time.nanoTime());
            }
        }
    }

    private void shorten(Budget running, Duration grace, long now) {
        Budget shorter = running.within(grace, now, settings);
        if (shorter.deadline() - running.deadline() < 0) {
            progress.note(
                    Note.Event.WARNING,
                    SHORTENED_WARNING.formatted(
                            ReadableDuration.of(grace),
                            ReadableDuration.of(settings.gracePeriod()),
                            ReadableDuration.of(Budget.between(now, shorter.deadline()))));
            limitTo(progress.is(DrainState.CANCELLING) ? shorter.cutBy(running.cutAt()) : shorter);
        }
    }

    private void join(Trigger trigger, long now) {
        Budget running = budget != null ? budget : Budget.startingAt(now, settings);
        limitTo(trigger.isKubelets() && isPreStopUnanswered() ? overtaken(running, trigger, now) : running);
        if (trigger.isFinal()) {
            timers.cancel(Purpose.EXPIRE);
        } else if (!triggers.isFinal()) {
            expiry = now + settings.gracePeriod().plus(EXPIRY_MARGIN).toNanos();
            timers.set(Purpose.EXPIRE, expiry, this::expirePreStop);
        }
    }

    private boolean isPreStopUnanswered() {
        return openPreStops > 0
                && triggers.has(Trigger.PRE_STOP)
                && progress.state().isUnderWay();
    }

    private Budget overtaken(Budget running, Trigger trigger, long now) {
        String name = trigger.name();
        progress.note(
                Note.Event.WARNING,
                OVERTAKEN_WARNING.formatted(
                        name, ReadableDuration.of(settings.gracePeriod()), ReadableDuration.of(OVERTAKEN)));
        Budget shared = running.overtaken(now, OVERTAKEN, settings);
        // In CANCELLING everything was told before, and the cut is not put off.
        return progress.is(DrainState.CANCELLING) ? shared.cutBy(running.cutAt()) : shared;
    }

    private void limitTo(Budget limit) {
        budget = limit;
        if (progress.is(DrainState.SERVING) || progress.state().isUnderWay()) {
            timers.set(Purpose.CANCEL, limit.cancelAt(), this::cancel);
            timers.set(Purpose.CUT, limit.cutAt(), this::cut);
        }
    }

    private void proceed(Trigger trigger, long now) {
        boolean waits = trigger != Trigger.SIGINT;
        if (progress.is(DrainState.SERVING) && waits) {
            enterLameDuck(now);
        } else if (progress.is(DrainState.SERVING) || (progress.is(DrainState.LAME_DUCK) && !waits)) {
            enterDraining(now);
        } else if (progress.is(DrainState.LAME_DUCK)) {
            watchLameDuck();
        } else if (trigger == Trigger.SIGINT
                && triggers.interrupts() > 1
                && progress.state().isUnderWay()
                && budget != null) {
            limitTo(budget.forced(now, now + FORCED_CANCEL.toNanos()));
            cancel();
        }
        updateReady();
        announceReleaseDue();
    }

    private void enterLameDuck(long now) {
        lameDuck = LameDuckWatch.startingAt(now, now - progress.since(), inFlight, settings.lameDuck());
        enter(DrainState.LAME_DUCK, now);
        watchLameDuck();
    }

    private void watchLameDuck() {
        if (!progress.is(DrainState.LAME_DUCK) || lameDuck == null) {
            return;
        }
        long end = lameDuck.endsAt(inFlight, settings.lameDuck(), triggers.terminate());
        long now = time.nanoTime();
        if (end - now > 0) {
            timers.set(Purpose.LAME_DUCK_END, end, this::watchLameDuck);
        } else {
            enterDraining(now);
        }
    }

    private void enterDraining(long now) {
        timers.cancel(Purpose.LAME_DUCK_END);
        inFlight.watch();
        if (!settings.serveAfterLameDuck()) {
            inFlight.close();
        }
        enter(DrainState.DRAINING, now);
        if (settings.streamPatience() != null) {
            timers.set(Purpose.PATIENCE_END, now + settings.streamPatience().toNanos(), this::endPatience);
        }
        emptied();
    }

    private void endPatience() {
        if (progress.is(DrainState.DRAINING)) {
            inFlight.order(Sweep.TELL_STREAMS);
            timeline.later(inFlight::sweep);
        }
    }

    private void cancel() {
        if (expireIfOverdue()) {
            return;
        }
        if (progress.is(DrainState.LAME_DUCK)) {
            enterDraining(time.nanoTime());
        }
        if (progress.is(DrainState.DRAINING)) {
            inFlight.close();
            inFlight.order(Sweep.TELL_ALL);
            enterCancelling(time.nanoTime());
        }
    }

    private void enterCancelling(long now) {
        enter(DrainState.CANCELLING, now);
        timeline.later(inFlight::sweep);
        if (budget != null) {
            budget = budget.toldAt(now, settings);
            timers.set(Purpose.CUT, budget.cutAt(), this::cut);
        }
    }

    private void cut() {
        cancel();
        boolean due = budget != null && time.nanoTime() - budget.cutAt() >= 0;
        if (progress.is(DrainState.CANCELLING) && due) {
            inFlight.order(Sweep.CUT);
            timeline.later(inFlight::sweep);
        }
    }

    /** Called at the end of the last entry, by whichever thread ended it. */
    private void emptied() {
        synchronized (lock) {
            if ((progress.is(DrainState.DRAINING) || progress.is(DrainState.CANCELLING)) && inFlight.closeIfEmpty()) {
                timers.cancel(Purpose.PATIENCE_END, Purpose.CANCEL, Purpose.CUT);
                enter(DrainState.DRAINED, time.nanoTime());
                announceReleaseDue();
                expireIfOverdue();
            }
        }
    }

    /** A frozen process runs its timers late, and one may find the drain where it cannot be undone: the next change makes up for it. */
    private boolean expireIfOverdue() {
        return triggers.has(Trigger.PRE_STOP) && time.nanoTime() - expiry >= 0 && expirePreStop();
    }

    private void announceReleaseDue() {
        if (progress.is(DrainState.DRAINED) && triggers.endProcess()) {
            timeline.later(() -> releaseDue.complete(null));
        }
    }

    /** Undoes an operator's drain, from LAME_DUCK, DRAINING or DRAINED; nothing to do while SERVING. */
    public Undrain undrain() {
        synchronized (lock) {
            if (progress.is(DrainState.SERVING)) {
                return new Undrain.Undone(progress.generation());
            }
            if (!progress.state().successors().contains(DrainState.SERVING)) {
                return new Undrain.TooLate(progress.state(), "a drain cannot be undone in " + progress.state());
            }
            if (triggers.terminate()) {
                return new Undrain.TooLate(
                        progress.state(), "the pod is being terminated, triggers=" + triggers.inOrder());
            }
            return undo("undrained by the operator");
        }
    }

    /**
     * Takes back a {@code pre-stop} that no signal followed; an operator's drain that it joined goes on.
     *
     * @return false where there is none, a signal came, the pod is known to end, or the drain is in CANCELLING or later than DRAINED
     */
    public boolean expirePreStop() {
        synchronized (lock) {
            boolean undoable = progress.state().successors().contains(DrainState.SERVING);
            if (!undoable || !triggers.has(Trigger.PRE_STOP) || triggers.isFinal()) {
                return false;
            }
            progress.note(
                    Note.Event.WARNING,
                    "expired: no signal followed the pre-stop; was it only this container's liveness probe?");
            triggers.forget(Trigger.PRE_STOP);
            timers.cancel(Purpose.CANCEL, Purpose.CUT, Purpose.EXPIRE);
            budget = null;
            if (triggers.none()) {
                undo("pre-stop expired");
            } else {
                updateReady();
                watchLameDuck();
            }
            return true;
        }
    }

    private Undrain undo(String reason) {
        timers.cancelAll();
        DrainView last = viewOfDrain();
        progress.undo(reason);
        Report report = new Report(last.ending(progress.state(), timeline.notes(last.generation())), inFlight.cuts());
        timeline.later(() -> undone.forEach(listener -> Isolated.run(() -> listener.accept(report))));
        triggers.clear();
        request = null;
        budget = null;
        inFlight.reopen();
        updateReady();
        return new Undrain.Undone(progress.generation());
    }

    /** DRAINED → RELEASING; the caller closes everything next. False where it is not time for that. */
    public boolean beginRelease() {
        synchronized (lock) {
            if (!progress.is(DrainState.DRAINED) || !triggers.endProcess()) {
                return false;
            }
            enter(DrainState.RELEASING, time.nanoTime());
            return true;
        }
    }

    /** RELEASING → STOPPED: everything is closed. */
    public void stopped() {
        synchronized (lock) {
            if (progress.is(DrainState.RELEASING)) {
                enter(DrainState.STOPPED, time.nanoTime());
            }
        }
    }

    private void enter(DrainState next, long now) {
        progress.enter(next, now);
        updateReady();
    }

    private void updateReady() {
        ready = progress.is(DrainState.SERVING)
                || (progress.is(DrainState.LAME_DUCK) && settings.keepReady() && triggers.terminate());
    }

    public DrainState state() {
        return progress.state();
    }

    /** Returns what the readiness probe reports. */
    public boolean ready() {
        return ready;
    }

    /** Returns the number of deliberate SIGINTs: the second forces, the third halts. */
    public int interrupts() {
        synchronized (lock) {
            return triggers.interrupts();
        }
    }

    /** Completed with DRAINED, or with SERVING where this drain is undone first; on the timer's thread, after the listeners. */
    public CompletionStage<DrainState> whenDrained() {
        synchronized (lock) {
            return progress.decided().minimalCompletionStage();
        }
    }

    /** Completed when the process is drained and is to end; on the timer's thread, after the listeners. */
    public CompletionStage<Void> whenReleaseDue() {
        return releaseDue.minimalCompletionStage();
    }

    /**
     * Returns the time until everything must be closed: until the deadline, but never less than RELEASING's minimum unless the process is
     * killed before that; zero where that is over.
     */
    public Duration releaseRemaining() {
        synchronized (lock) {
            return remaining().release();
        }
    }

    /** Returns how long the release may wait for {@link FinalResponses}: until what is in flight would be cut; zero after that. */
    public Duration cutRemaining() {
        synchronized (lock) {
            return remaining().cut();
        }
    }

    /** Returns the time until the watchdog must halt the process; zero: now; null: it is not ending. */
    public @Nullable Duration haltRemaining() {
        synchronized (lock) {
            boolean ending = triggers.endProcess() && !progress.is(DrainState.STOPPED);
            return budget == null || !ending ? null : remaining().halt(budget);
        }
    }

    private Remaining remaining() {
        long ending = triggers.endProcess() ? triggers.endsProcessSince() : 0;
        return new Remaining(time.nanoTime(), progress.state(), progress.since(), ending, budget, settings);
    }

    /** Runs the listener for every note from now on. */
    public DrainSignal.Registration subscribe(DrainListener listener) {
        return timeline.subscribe(listener);
    }

    /** Hands over the report of every drain that is undone from now on, after the notes of its undoing; must not block. */
    public void subscribeUndone(Consumer<Report> listener) {
        undone.add(listener);
    }

    /** The notes of this generation and of later ones, as far as they are kept: the last 256 of the process. */
    public PastNotes notesSince(long generation) {
        return timeline.since(generation);
    }

    public DrainView view() {
        synchronized (lock) {
            return triggers.none() ? view(Totals.NONE) : viewOfDrain();
        }
    }

    private DrainView viewOfDrain() {
        return view(inFlight.totals().minus(before));
    }

    private DrainView view(Totals totals) {
        return new DrainView(
                progress.state(),
                ready,
                progress.generation(),
                triggers.inOrder(),
                progress.startedInstant(),
                budget == null ? null : progress.worldTime(budget.deadline()),
                budget == null ? null : Budget.between(time.nanoTime(), budget.deadline()),
                inFlight.countByClass(),
                totals,
                inFlight.totals(),
                timeline.notes(progress.generation()),
                request);
    }

    /** Returns the report of this drain; complete once the release is over. */
    public Report report(ReleaseSteps release) {
        DrainView last;
        synchronized (lock) {
            last = viewOfDrain();
        }
        return new Report(last, inFlight.cuts(), release.results(), processExit);
    }

    /** The report of a process that is halted now: everything in flight is counted as cut, and nothing is admitted any more. */
    public Report reportOfHalt(ReleaseSteps release) {
        inFlight.abandon();
        return report(release);
    }
}
