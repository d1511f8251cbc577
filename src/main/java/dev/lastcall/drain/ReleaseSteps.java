package dev.lastcall.drain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The registered release steps, and how a stage of them is run: each isolated, timed, and cut by the shrinking budget. Thread-safe. */
public final class ReleaseSteps {
    /** Left for each later step, all together at most half of what there is, so that one that hangs does not take their turn. */
    private static final Duration TURN = Duration.ofMillis(50);

    private final List<Registered> steps = new CopyOnWriteArrayList<>();
    private final List<ReleaseResult> results = new CopyOnWriteArrayList<>();
    /** Set before anything is abandoned: a step that ends from then on was ended, and is not called released. */
    private volatile boolean abandoning;

    /** Adds a step, whose name and stage are asked for now; the registration takes this one back, not another of the same step. */
    public DrainSignal.Registration register(ReleaseStep step) {
        Registered registered = new Registered(step);
        steps.add(registered);
        return () -> steps.remove(registered);
    }

    /**
     * Runs a stage's steps, the last registered first, and returns when each has ended or was given up. An interrupt gives up the step
     * under way, not those after it, and is restored at the end.
     *
     * @param remaining what is left of the budget, asked before each step
     */
    public void release(ReleaseStage stage, Supplier<Duration> remaining) {
        List<Registered> due = dueIn(stage);
        long later =
                steps.stream().filter(step -> step.stage.compareTo(stage) > 0).count() + due.size();
        boolean interrupted = false;
        for (Registered next : due) {
            later--;
            ReleaseResult result = release(next, share(remaining.get(), later));
            tell(next, result);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Adds the result of a step; of a halt and the step's own end, which may both have one, the first alone. */
    private void tell(Registered step, ReleaseResult result) {
        if (step.told.compareAndSet(false, true) || !abandoning) {
            results.add(result);
        }
    }

    /** Returns the time that the next step may take where {@code later} more follow. */
    private static Duration share(Duration left, long later) {
        Duration turns = TURN.multipliedBy(later);
        Duration half = left.dividedBy(2);
        return left.minus(turns.compareTo(half) < 0 ? turns : half);
    }

    private List<Registered> dueIn(ReleaseStage stage) {
        List<Registered> due = new ArrayList<>(
                steps.stream().filter(step -> step.stage == stage).toList());
        Collections.reverse(due);
        return due;
    }

    /** Returns the registered steps in the order of their release. */
    public List<PlannedRelease> planned() {
        return Stream.of(ReleaseStage.values())
                .flatMap(stage -> dueIn(stage).stream())
                .map(step -> new PlannedRelease(step.name, step.stage))
                .toList();
    }

    private ReleaseResult release(Registered due, Duration left) {
        Instant startedAt = Instant.now();
        due.startedAt = startedAt;
        long start = System.nanoTime();
        ReleaseOutcome outcome;
        try {
            Duration timeout = due.step.timeout();
            outcome = runWithin(due, left.compareTo(timeout) < 0 ? left : timeout);
        } catch (RuntimeException e) {
            outcome = new ReleaseOutcome.Failed(e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (outcome instanceof ReleaseOutcome.TimedOut) {
            Isolated.run(due.step::abandon);
        } else if (abandoning && outcome instanceof ReleaseOutcome.Released) {
            outcome = new ReleaseOutcome.TimedOut();
        }
        return new ReleaseResult(due.name, due.stage, startedAt, took, outcome, due.optional, detailOf(due.step));
    }

    private static String detailOf(ReleaseStep step) {
        try {
            return step.detail();
        } catch (RuntimeException e) {
            return "";
        }
    }

    private static ReleaseOutcome runWithin(Registered due, Duration limit) {
        if (limit.isNegative() || limit.isZero()) {
            return new ReleaseOutcome.TimedOut();
        }
        FutureTask<ReleaseOutcome> task = new FutureTask<>(() -> {
            due.step.release();
            return new ReleaseOutcome.Released();
        });
        Thread thread = new Thread(task, "lastcall-release-" + due.name);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return new ReleaseOutcome.Failed(Objects.requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            task.cancel(true);
            return new ReleaseOutcome.TimedOut();
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return new ReleaseOutcome.TimedOut();
        }
    }

    /**
     * Abandons every step, because the process is being halted. Steps that have something to tell of their end and have no result yet get one: timed
     * out.
     */
    public void abandon() {
        abandoning = true;
        steps.forEach(registered -> Isolated.run(registered.step::abandon));
        steps.stream().filter(each -> !each.told.get()).forEach(each -> {
            String detail = detailOf(each.step);
            if (!detail.isEmpty()) {
                tell(each, abandoned(each, detail));
            }
        });
    }

    private static ReleaseResult abandoned(Registered step, String detail) {
        Instant now = Instant.now();
        Instant begun = step.startedAt == null ? now : step.startedAt;
        ReleaseOutcome outcome = new ReleaseOutcome.TimedOut();
        return new ReleaseResult(
                step.name, step.stage, begun, Duration.between(begun, now), outcome, step.optional, detail);
    }

    /** Returns the results so far, in order. */
    public List<ReleaseResult> results() {
        return List.copyOf(results);
    }

    /** A class, not a record: two registrations of one step are two. */
    private static final class Registered {
        final ReleaseStep step;
        final String name;
        final ReleaseStage stage;
        final boolean optional;
        /** Null before its release has begun. */
        volatile @Nullable Instant startedAt;

        final AtomicBoolean told = new AtomicBoolean();

        Registered(ReleaseStep step) {
            this.step = step;
            name = step.name();
            stage = step.stage();
            optional = step.isOptional();
        }
    }
}
