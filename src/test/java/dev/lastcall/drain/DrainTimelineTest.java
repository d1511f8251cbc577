package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainTimelineTest {
    private final DrainFixture fixture = new DrainFixture();

    @Test
    void notesTellEveryTransitionInItsOrderWithItsTimes() {
        fixture.at(60);
        fixture.open();
        fixture.begin(Trigger.SIGTERM).at(26);
        fixture.drain.beginRelease();
        fixture.at(27);
        fixture.drain.stopped();
        fixture.time.runPending();
        assertThat(fixture.heard)
                .extracting(Note::detail, Note::elapsed, Note::lasted)
                .containsExactly(
                        tuple("sigterm", seconds(0), seconds(0)),
                        tuple("SERVING → LAME_DUCK", seconds(0), seconds(60)),
                        tuple("LAME_DUCK → DRAINING", seconds(10), seconds(10)),
                        tuple("DRAINING → CANCELLING", seconds(22), seconds(12)),
                        tuple("CANCELLING → DRAINED", seconds(25), seconds(3)),
                        tuple("DRAINED → RELEASING", seconds(26), seconds(1)),
                        tuple("RELEASING → STOPPED", seconds(27), seconds(1)));
        assertThat(fixture.drain.view().notes()).isEqualTo(fixture.heard);
        assertThat(fixture.heard.get(2).at()).isEqualTo(Instant.EPOCH.plusSeconds(70));
        assertThat(fixture.heard.get(2).state()).isEqualTo(DrainState.DRAINING);
    }

    @Test
    void listenersAreCalledLaterNeverByTheTriggersCaller() {
        fixture.drain.trigger(Trigger.SIGTERM);
        assertThat(fixture.heard).isEmpty();
        fixture.time.runPending();
        assertThat(fixture.heard).hasSize(2);
    }

    @Test
    void listenerThatThrowsDoesNotKeepTheOthersFromTheirNotes() {
        fixture.drain.subscribe(note -> {
            throw new Deliberate();
        });
        List<Note> second = new ArrayList<>();
        fixture.drain.subscribe(second::add);
        fixture.begin(Trigger.SIGTERM).at(10).expect(DrainState.DRAINED);
        assertThat(second).isEqualTo(fixture.heard).hasSize(4);
    }

    @Test
    void removedListenerGetsNoMoreNotes() {
        List<Note> second = new ArrayList<>();
        DrainSignal.Registration registration = fixture.drain.subscribe(second::add);
        fixture.begin(Trigger.SIGTERM);
        registration.close();
        fixture.at(10);
        assertThat(second).hasSize(2);
    }

    @Test
    void aListenerMayAskAndCommandTheDrain() {
        fixture.drain.subscribe(note -> {
            if (note.state() == DrainState.DRAINED) {
                fixture.drain.undrain();
            }
        });
        fixture.begin(Trigger.OPERATOR).at(10).expect(DrainState.SERVING);
        assertThat(fixture.heard).extracting(Note::detail).endsWith("DRAINED → SERVING", "undrained by the operator");
    }

    @Test
    void theTimelineKeepsTheLastNotesOnly() {
        // Each refused pre-stop leaves a trigger and a warning in the same generation.
        fixture.begin(Trigger.OPERATOR).at(10);
        for (int i = 0; i < 200; i++) {
            fixture.trigger(Trigger.PRE_STOP);
            fixture.drain.expirePreStop();
        }
        fixture.time.runPending();
        assertThat(fixture.drain.view().notes()).hasSize(256).isEqualTo(fixture.heard.subList(404 - 256, 404));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
