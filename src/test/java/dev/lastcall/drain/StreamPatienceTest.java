package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.CANCELLING;
import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.DRAINING;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.SIGINT;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamPatienceTest {
    private final DrainFixture fixture =
            new DrainFixture(new SettingsBuilder().streamPatience("PT5S").serveAfterLameDuck());
    private final Entry unary = fixture.open();

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "WEBSOCKET", "TCP"})
    void streamsAndSocketsAreToldAtTheEndOfStreamPatience(EntryClass kind) {
        Entry entry = fixture.open(kind);
        fixture.begin(SIGTERM).justBefore(15);
        assertThat(entry.isCancelled()).isFalse();
        fixture.at(15).expect(DRAINING);
        assertThat(entry.isCancelled()).isTrue();
        assertThat(entry.isOpen()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"UNARY", "RUN"})
    void unaryRequestsAreToldInCancelling(EntryClass kind) {
        Entry entry = fixture.open(kind);
        fixture.begin(SIGTERM).justBefore(22).expect(DRAINING);
        assertThat(entry.isCancelled()).isFalse();
        fixture.at(22).expect(CANCELLING);
        assertThat(entry.isCancelled()).isTrue();
    }

    @Test
    void withoutPatienceStreamsGoOnUntilCancelling() {
        DrainFixture patient = new DrainFixture();
        Entry stream = patient.open(EntryClass.STREAM);
        patient.begin(SIGTERM).justBefore(22);
        assertThat(stream.isCancelled()).isFalse();
        patient.at(22);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void patienceBeginsWithDrainingHoweverThatCame() {
        Entry stream = fixture.open(EntryClass.STREAM);
        fixture.begin(SIGINT).justBefore(5);
        assertThat(stream.isCancelled()).isFalse();
        fixture.at(5);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void anOperatorsDrainHasPatienceToo() {
        Entry stream = fixture.open(EntryClass.STREAM);
        fixture.begin(OPERATOR).at(15);
        assertThat(stream.isCancelled()).isTrue();
    }

    @Test
    void requestThatBecomesAStreamAfterStreamPatienceIsToldAtOnce() {
        fixture.begin(SIGTERM).at(16);
        assertThat(unary.isCancelled()).isFalse();
        unary.become(EntryClass.STREAM);
        assertThat(unary.isCancelled()).isTrue();
    }

    @Test
    void streamAdmittedAfterStreamPatienceIsToldAtOnce() {
        fixture.begin(SIGTERM).at(16);
        assertThat(fixture.open(EntryClass.STREAM).isCancelled()).isTrue();
        assertThat(fixture.open(EntryClass.UNARY).isCancelled()).isFalse();
    }

    @Test
    void patienceThatEndsAfterCancellingBeganChangesNothing() {
        DrainFixture patient = new DrainFixture(new SettingsBuilder().streamPatience("PT14S"));
        Entry stream = patient.open(EntryClass.STREAM);
        patient.begin(SIGTERM).at(24).expect(CANCELLING);
        stream.end(Outcome.COMPLETED);
        patient.expect(DRAINED);
    }

    @Test
    void anOrderOfAnUndoneDrainIsForgotten() {
        fixture.begin(OPERATOR).at(16);
        fixture.drain.undrain();
        assertThat(fixture.open(EntryClass.STREAM).isCancelled()).isFalse();
    }
}
