package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainTimelineTest {
    private final DrainFixture scene = new DrainFixture();

    @Test
    void notesTellEveryTransitionInItsOrderWithItsTimes() {
        scene.at(60);
        scene.open();
        scene.begin(Trigger.SIGTERM).at(26);
        scene.drain.beginRelease();
        scene.at(27);
        scene.drain.stopped();
        scene.time.runPending();
        assertThat(scene.heard)
                .extracting(Note::detail, Note::elapsed, Note::lasted)
                .containsExactly(
                        tuple("sigterm", seconds(0), seconds(0)),
                        tuple("SERVING → LAME_DUCK", seconds(0), seconds(60)),
                        tuple("LAME_DUCK → DRAINING", seconds(10), seconds(10)),
                        tuple("DRAINING → CANCELLING", seconds(22), seconds(12)),
                        tuple("CANCELLING → DRAINED", seconds(25), seconds(3)),
                        tuple("DRAINED → RELEASING", seconds(26), seconds(1)),
                        tuple("RELEASING → STOPPED", seconds(27), seconds(1)));
        assertThat(scene.drain.view().notes()).isEqualTo(scene.heard);
        assertThat(scene.heard.get(2).at()).isEqualTo(Instant.EPOCH.plusSeconds(70));
        assertThat(scene.heard.get(2).state()).isEqualTo(DrainState.DRAINING);
    }

    @Test
    void listenersAreCalledLaterNeverByTheTriggersCaller() {
        scene.drain.trigger(Trigger.SIGTERM);
        assertThat(scene.heard).isEmpty();
        scene.time.runPending();
        assertThat(scene.heard).hasSize(2);
    }

    @Test
    void listenerThatThrowsDoesNotKeepTheOthersFromTheirNotes() {
        scene.drain.subscribe(note -> {
            throw new Deliberate();
        });
        List<Note> second = new ArrayList<>();
        scene.drain.subscribe(second::add);
        scene.begin(Trigger.SIGTERM).at(10).expect(DrainState.DRAINED);
        assertThat(second).isEqualTo(scene.heard).hasSize(4);
    }

    @Test
    void removedListenerGetsNoMoreNotes() {
        List<Note> second = new ArrayList<>();
        DrainSignal.Registration registration = scene.drain.subscribe(second::add);
        scene.begin(Trigger.SIGTERM);
        registration.close();
        scene.at(10);
        assertThat(second).hasSize(2);
    }

    @Test
    void aListenerMayAskAndCommandTheDrain() {
        scene.drain.subscribe(note -> {
            if (note.state() == DrainState.DRAINED) {
                scene.drain.undrain();
            }
        });
        scene.begin(Trigger.OPERATOR).at(10).expect(DrainState.SERVING);
        assertThat(scene.heard).extracting(Note::detail).endsWith("DRAINED → SERVING", "undrained by the operator");
    }

    @Test
    void theTimelineKeepsTheLastNotesOnly() {
        // Each refused pre-stop leaves a trigger and a warning in the same generation.
        scene.begin(Trigger.OPERATOR).at(10);
        for (int i = 0; i < 200; i++) {
            scene.trigger(Trigger.PRE_STOP);
            scene.drain.expirePreStop();
        }
        scene.time.runPending();
        assertThat(scene.drain.view().notes()).hasSize(256).isEqualTo(scene.heard.subList(404 - 256, 404));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
