package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A drain on a fake clock, with what its listeners heard. Seconds are those since {@link #begin}, at first since the start. */
final class DrainFixture {
    private static final Duration EPSILON = Duration.ofNanos(1);

    final FakeTime time;
    final InFlight inFlight;
    final Drain drain;
    final List<Note> heard = new ArrayList<>();
    private Duration begun = Duration.ZERO;

    DrainFixture() {
        this(DrainSettings.defaults());
    }

    DrainFixture(SettingsBuilder numbers) {
        this(numbers.settings());
    }

    DrainFixture(DrainSettings settings) {
        this(settings, new FakeTime());
    }

    DrainFixture(DrainSettings settings, FakeTime time) {
        this.time = time;
        inFlight = new InFlight(time);
        drain = new Drain(settings, time, inFlight);
        drain.subscribe(heard::add);
    }

    /** The trigger comes now, which is second 0 from here on. */
    DrainFixture begin(Trigger trigger) {
        begun = time.elapsed();
        return trigger(trigger);
    }

    DrainFixture trigger(Trigger trigger) {
        drain.trigger(trigger);
        time.runPending();
        return this;
    }

    /** A preStop hook comes now, which is second 0 from here on, and waits for its answer. */
    DrainSignal.Registration beginPreStop() {
        begun = time.elapsed();
        DrainSignal.Registration hook = drain.preStop();
        time.runPending();
        return hook;
    }

    DrainFixture at(double second) {
        time.advanceTo(begun.plusNanos(Math.round(second * 1e9)));
        return this;
    }

    DrainFixture justBefore(double second) {
        time.advanceTo(begun.plusNanos(Math.round(second * 1e9)).minus(EPSILON));
        return this;
    }

    Entry open(EntryClass kind) {
        return open(kind, new RecordedWork("/agent/run"));
    }

    Entry open(EntryClass kind, Work work) {
        Admission admission = inFlight.admit(work, kind, true);
        assertThat(admission).isInstanceOf(Entry.class);
        return (Entry) admission;
    }

    Entry open() {
        return open(EntryClass.UNARY);
    }

    /** A request that is answered at once. */
    DrainFixture request() {
        open().end(Outcome.COMPLETED);
        return this;
    }

    /** Makes {@code count} requests, evenly over the next {@code seconds}. */
    DrainFixture requests(int count, double seconds) {
        Duration gap = Duration.ofNanos(Math.round(seconds * 1e9 / count));
        for (int i = 0; i < count; i++) {
            time.advance(gap);
            request();
        }
        return this;
    }

    boolean admits() {
        if (inFlight.admit(new RecordedWork("/probe"), EntryClass.UNARY, false) instanceof Entry entry) {
            entry.end(Outcome.COMPLETED);
            return true;
        }
        return false;
    }

    DrainFixture expect(DrainState state) {
        assertThat(drain.state()).as("state at %s", time.elapsed().minus(begun)).isEqualTo(state);
        return this;
    }

    /** Returns the details of the notes of one kind. */
    List<String> heard(Note.Event event) {
        return heard.stream()
                .filter(note -> note.event() == event)
                .map(Note::detail)
                .toList();
    }
}
