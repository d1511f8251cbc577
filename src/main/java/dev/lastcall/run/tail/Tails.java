package dev.lastcall.run.tail;

import dev.lastcall.drain.Time;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.CommitListener;
import dev.lastcall.run.log.Head;
import dev.lastcall.run.log.RunLog;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * All tails of this pod. Rows that are committed here reach them at once; how far the logs of the others have come is asked for twice a
 * second, in one statement for all, which is the only thing that they need: everything else is faster and may fail. Thread-safe.
 */
public final class Tails implements CommitListener {
    static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RunLog log;
    private final Time time;
    private final Map<UUID, Set<Tail>> byRun = new ConcurrentHashMap<>();
    private final Map<TailSource, LongAdder> taken = new EnumMap<>(TailSource.class);
    private volatile Interest interest = Interest.NONE;

    public Tails(RunLog log, Time time) {
        this.log = log;
        this.time = time;
        for (TailSource source : TailSource.values()) {
            taken.put(source, new LongAdder());
        }
    }

    /** Learns which runs are followed on this pod, so that their commits can be subscribed to. */
    public interface Interest {
        Interest NONE = new Interest() {
            @Override
            public void followed(UUID run) {}

            @Override
            public void left(UUID run) {}
        };

        /** The first tail of a run is there. */
        void followed(UUID run);

        /** The last tail of a run has gone. */
        void left(UUID run);
    }

    public void tell(Interest interested) {
        interest = interested;
    }

    /** Starts polling the logs. */
    public void poll() {
        time.schedule(POLL, this::tick);
    }

    /**
     * Sends a run's events to a follower, from the log and then as they are committed.
     *
     * @param after the last seq that the follower has
     */
    public void follow(UUID run, int after, Flow.Subscriber<? super LoggedEvent> follower) {
        Tail tail = new Tail(run, after, log, follower, this::count);
        boolean[] first = {false};
        byRun.compute(run, (id, tails) -> {
            first[0] = tails == null;
            Set<Tail> all = tails == null ? ConcurrentHashMap.newKeySet() : tails;
            all.add(tail);
            return all;
        });
        if (first[0]) {
            interest.followed(run);
        }
        tail.start(() -> leave(tail));
    }

    private void leave(Tail tail) {
        boolean[] last = {false};
        byRun.computeIfPresent(tail.run(), (id, tails) -> {
            tails.remove(tail);
            last[0] = tails.isEmpty();
            return tails.isEmpty() ? null : tails;
        });
        if (last[0]) {
            interest.left(tail.run());
        }
    }

    private void count(TailSource source, int rows) {
        taken(source).add(rows);
    }

    private LongAdder taken(TailSource source) {
        LongAdder sum = taken.get(source);
        return sum == null ? new LongAdder() : sum;
    }

    /** Returns the number of rows that came from a source. */
    public long takenFrom(TailSource source) {
        return taken(source).sum();
    }

    /** Whether anybody here follows the run. */
    public boolean follows(UUID run) {
        return byRun.containsKey(run);
    }

    @Override
    public void committed(UUID run, List<Row> rows) {
        wake(run, TailSource.LOCAL, rows);
    }

    public void wake(UUID run, TailSource source, List<Row> rows) {
        each(run, tail -> tail.wake(source, rows));
    }

    /** Makes the followers of a run read its log again, because it may have more than was announced. */
    public void lookAgain(UUID run) {
        each(run, Tail::lookAgain);
    }

    private void each(UUID run, Consumer<Tail> action) {
        Set<Tail> tails = byRun.get(run);
        if (tails != null) {
            tails.forEach(action);
        }
    }

    /** Polls twice a second, or as often as the log answers with a pause in between if it is slower. */
    private void tick() {
        long begun = time.nanoTime();
        Map<UUID, Integer> known = known();
        if (known.isEmpty()) {
            poll();
            return;
        }
        log.changes(known).whenComplete((changes, failure) -> {
            try {
                if (changes != null) {
                    changes.forEach(this::changed);
                }
            } finally {
                Duration rest = POLL.minusNanos(time.nanoTime() - begun);
                time.schedule(rest.compareTo(PAUSE) < 0 ? PAUSE : rest, this::tick);
            }
        });
    }

    private Map<UUID, Integer> known() {
        Map<UUID, Integer> known = new HashMap<>();
        byRun.forEach((run, tails) -> tails.forEach(tail -> known.merge(run, tail.known(), Math::min)));
        return known;
    }

    private void changed(UUID run, Optional<Head> head) {
        each(run, head.isPresent() ? tail -> tail.wake(head.get().nextSeq()) : Tail::gone);
    }
}
