package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * All orders of triggers, timers, requests and undrains up to a depth, each step compared with {@link DrainTable}. The engine is deterministic
 * on a fake clock, so a path is replayed to reach its end; two paths whose futures are the same are one.
 */
class DrainExplorerTest {

    private static final DrainRequest DELETED = new DrainRequest("kubernetes", null);

    private enum Action {
        PRE_STOP,
        HOOK_GONE,
        SIGTERM,
        SIGINT,
        OPERATOR,
        PROCESS_EXIT,
        POD_DELETION,
        UNDRAIN,
        ADMIT,
        END,
        HALF_A_SECOND,
        NEXT_TIMER,
        FROZEN,
        RELEASE
    }

    /** A few seconds of work, and many where nine others share its processor. */
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    @ParameterizedTest
    @CsvSource({"false, 10, 25000", "true, 8, 8000"})
    void engineDoesWhatTheTableSaysInEveryOrderOfEvents(boolean serveAfterLameDuck, int depth, int fewestStates) {
        Set<String> seen = new HashSet<>();
        Deque<List<Action>> due = new ArrayDeque<>(new ExploredDrain(serveAfterLameDuck).next(List.of()));
        while (!due.isEmpty()) {
            List<Action> path = due.remove();
            ExploredDrain explored = new ExploredDrain(serveAfterLameDuck);
            path.forEach(explored::does);
            explored.compare(path);
            if (seen.add(explored.key()) && path.size() < depth) {
                due.addAll(explored.next(path));
            }
        }
        assertThat(seen.size()).isGreaterThan(fewestStates);
    }

    /** The engine and the table, side by side. */
    private static final class ExploredDrain {
        private final FakeTime time = new FakeTime();
        private final InFlight inFlight = new InFlight(time);
        private final Drain drain;
        private final DrainTable table;
        private final Deque<Entry> open = new ArrayDeque<>();
        private final Deque<DrainSignal.Registration> hooks = new ArrayDeque<>();
        private String answers = "";

        ExploredDrain(boolean serveAfterLameDuck) {
            SettingsBuilder settings = new SettingsBuilder()
                    .gracePeriod("PT10S")
                    .exitMargin("PT1S")
                    .min("PT1S")
                    .max("PT2S")
                    .cancelReserve("PT1.5S")
                    .releaseReserve("PT2S");
            drain = new Drain(
                    (serveAfterLameDuck ? settings.serveAfterLameDuck() : settings).settings(), time, inFlight);
            table = new DrainTable(serveAfterLameDuck);
        }

        /** This path with each event that can come next. */
        List<List<Action>> next(List<Action> path) {
            List<List<Action>> longer = new ArrayList<>();
            for (Action action : Action.values()) {
                if (can(action)) {
                    List<Action> one = new ArrayList<>(path);
                    one.add(action);
                    longer.add(one);
                }
            }
            return longer;
        }

        private boolean can(Action action) {
            return switch (action) {
                case HOOK_GONE -> !hooks.isEmpty();
                case PRE_STOP -> hooks.isEmpty();
                // Time passes from timer to timer; other instants make a difference after an interrupt alone.
                case HALF_A_SECOND -> table.isPressed();
                case ADMIT -> table.open == 0;
                case END -> table.open > 0;
                case NEXT_TIMER -> table.next() != null;
                case FROZEN -> table.state != DrainState.SERVING;
                default -> true;
            };
        }

        void does(Action action) {
            switch (action) {
                case PRE_STOP -> {
                    hooks.add(drain.preStop());
                    table.hooks++;
                    table.trigger(Trigger.PRE_STOP);
                }
                case HOOK_GONE -> {
                    hooks.remove().close();
                    table.hooks--;
                }
                case SIGTERM, SIGINT, OPERATOR, PROCESS_EXIT -> {
                    drain.trigger(Trigger.valueOf(action.name()));
                    table.trigger(Trigger.valueOf(action.name()));
                }
                case POD_DELETION -> {
                    drain.podDeleted(Duration.ofMillis(DrainTable.GRACE_OF_THE_POD), DELETED);
                    table.podDeleted();
                }
                case UNDRAIN -> answer(drain.undrain() instanceof Undrain.Undone, table.undrain());
                case ADMIT -> admit();
                case END -> end();
                case HALF_A_SECOND -> advanceTo(table.now + 500);
                case NEXT_TIMER -> {
                    Integer next = table.next();
                    advanceTo(next == null ? table.now : Math.max(next, table.now));
                }
                case FROZEN -> {
                    time.freezeUntil(Duration.ofMillis(table.now + 17_000));
                    time.runPending();
                    table.frozenUntil(table.now + 17_000);
                }
                case RELEASE -> {
                    drain.stopped();
                    table.stopped();
                    answer(drain.beginRelease(), table.beginRelease());
                }
            }
            time.runPending();
            open.removeIf(entry -> !entry.isOpen());
        }

        private void advanceTo(int target) {
            time.advanceTo(Duration.ofMillis(target));
            table.advanceTo(target);
        }

        private void admit() {
            Admission admission = inFlight.admit(new RecordedWork("/x"), EntryClass.UNARY, false);
            if (admission instanceof Entry entry) {
                open.add(entry);
            }
            answer(admission instanceof Entry, table.admit());
        }

        private void end() {
            open.remove().end(Outcome.COMPLETED);
            table.end();
        }

        private void answer(boolean engine, boolean expected) {
            answers = engine == expected ? answers : "answered " + engine + ", the table says " + expected;
        }

        void compare(List<Action> path) {
            String engine = engine();
            String expected = expected();
            if (!engine.equals(expected) || !answers.isEmpty()) {
                throw new AssertionError("%s%nengine: %s%ntable:  %s %s".formatted(path, engine, expected, answers));
            }
        }

        private String engine() {
            DrainView view = drain.view();
            Totals totals = inFlight.totals();
            String deadline = view.deadline() == null
                    ? "-"
                    : Long.toString(view.deadline().toEpochMilli());
            return String.join(
                    " ",
                    view.state().name(),
                    view.triggers().toString(),
                    "ready=" + drain.ready(),
                    "admits=" + inFlight.isOpen(),
                    "deadline=" + deadline,
                    "open=" + inFlight.count(),
                    "served=" + totals.served(),
                    "rejected=" + totals.rejected(),
                    "cut=" + totals.cut(),
                    "interrupts=" + drain.interrupts(),
                    "generation=" + view.generation(),
                    "release=" + drain.whenReleaseDue().toCompletableFuture().isDone());
        }

        private String expected() {
            return String.join(
                    " ",
                    table.state.name(),
                    List.copyOf(table.triggers).toString(),
                    "ready=" + (table.state == DrainState.SERVING),
                    "admits=" + table.admits(),
                    "deadline=" + (table.deadline == Integer.MAX_VALUE ? "-" : Integer.toString(table.deadline)),
                    "open=" + table.open,
                    "served=" + table.served,
                    "rejected=" + table.rejected,
                    "cut=" + table.cut,
                    "interrupts=" + table.interrupts,
                    "generation=" + table.generation,
                    "release=" + table.releaseDue);
        }

        /** The alarms are the engine's own: one too many would be seen later, and must not be taken for the same future. */
        String key() {
            return table.key() + time.dueIn();
        }
    }
}
