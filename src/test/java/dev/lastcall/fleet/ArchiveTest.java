package dev.lastcall.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The archive on a real PostgreSQL, with the migration's table. Each test has pods of its own. */
@QuarkusTest
class ArchiveTest {
    @Inject
    AgroalDataSource source;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final String pod = "pod-" + UUID.randomUUID();

    @Test
    void lossesOfTwentyKilledAndTwentyCutPodsAreAllCountedOnce() throws Exception {
        new FleetLosses(new PostgresArchive(source, Duration.ofDays(30)), pod, this::silenceInstance)
                .areAllCountedOnce();
    }

    @Test
    void drainIsFoundAsItWasSavedAndOnlyOnce() throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        PastDrain drain = drain(pod, 1, now, PastDrain.Ending.ENDED);
        archive.save(drain);
        archive.save(drain);

        assertThat(archive.find(new HistoryQuery(pod, null, 10))).containsExactly(drain);
    }

    @Test
    void latestComesFirstWithinTheLimitAndSinceTheInstant() throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        for (int i = 0; i < 4; i++) {
            archive.save(drain(pod, i, now.minusSeconds(60L * i), PastDrain.Ending.UNDONE));
        }

        assertThat(archive.find(new HistoryQuery(pod, null, 2)))
                .extracting(PastDrain::generation)
                .containsExactly(0L, 1L);
        assertThat(archive.find(new HistoryQuery(pod, now.minusSeconds(120), 10)))
                .extracting(PastDrain::generation)
                .containsExactly(0L, 1L, 2L);
        assertThat(archive.find(new HistoryQuery(null, null, 200)))
                .extracting(PastDrain::pod)
                .contains(pod);
    }

    @Test
    void drainsOlderThanTheRetentionAreDeletedByTheNextSave() throws Exception {
        new PostgresArchive(source, Duration.ofDays(3650))
                .save(drain(pod, 1, now.minus(Duration.ofDays(40)), PastDrain.Ending.ENDED));

        new PostgresArchive(source, Duration.ofDays(30)).save(drain(pod, 2, now, PastDrain.Ending.ENDED));

        assertThat(new PostgresArchive(source, Duration.ofDays(30)).find(new HistoryQuery(pod, null, 10)))
                .extracting(PastDrain::generation)
                .containsExactly(2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1]", "null", "12", "{\"served\": 1} x"})
    void rowThatCannotBeReadIsMarkedAndHidesNoOther(String report) throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        archive.save(drain(pod, 1, now, PastDrain.Ending.ENDED));
        archive.save(drain(pod, 2, now.plusMillis(1), PastDrain.Ending.ENDED));
        try (var connection = source.getConnection();
                var update = connection.prepareStatement(
                        "UPDATE drain_history SET report = ? WHERE pod = ? AND generation = 2")) {
            update.setString(1, report);
            update.setString(2, pod);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }

        List<PastDrain> found = archive.find(new HistoryQuery(pod, null, 10));

        assertThat(found).extracting(PastDrain::generation).containsExactly(2L, 1L);
        assertThat(found.get(0).report()).isEqualTo(new JsonObject().put("unreadable", true));
        assertThat(found.get(1).report().getInteger("served")).isEqualTo(3);
    }

    @Test
    void drainIsCountedOnceByWhatItsReportSays() throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        JsonObject report = new JsonObject("""
                {"exit-code": 1, "triggers": ["sighup", "sigterm"], "cut": 3, "rejected": 5, "lost": 2,
                 "release": [{"step": "a", "outcome": "timed out"}, {"step": "b", "outcome": "released"}]}""");
        PastDrain drain =
                new PastDrain(pod, "instance-of-" + pod, 1, PastDrain.Ending.ENDED, now.minusSeconds(20), now, report);
        DrainCount before = counted(archive, "sighup", "1");

        archive.save(drain);
        archive.save(drain);

        DrainCount after = counted(archive, "sighup", "1");
        assertThat(after.drains() - before.drains()).isOne();
        assertThat(after.cut() - before.cut()).isEqualTo(3);
        assertThat(after.rejected() - before.rejected()).isEqualTo(5);
        assertThat(after.runsLost() - before.runsLost()).isEqualTo(2);
        assertThat(after.releaseTimeouts() - before.releaseTimeouts()).isOne();
    }

    @Test
    void processThatFallsSilentIsLostOnceAndFoundAgainWhereItWasOnlySlow() throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        DrainCount before = counted(archive, "sigterm", "lost");
        ProcessSign silent = new ProcessSign(new Identity(pod), 1, "draining", "sigterm", 7, now.minusSeconds(90));
        archive.sign(silent);
        silence(pod);

        for (int i = 0; i < 3; i++) {
            archive.sign(sign("looks-" + i + pod));
        }

        PastDrain lost = archive.find(new HistoryQuery(pod, null, 10)).get(0);
        assertThat(lost.ending()).isEqualTo(PastDrain.Ending.LOST);
        assertThat(lost.startedAt()).isEqualTo(now.minusSeconds(90));
        assertThat(lost.report())
                .isEqualTo(new JsonObject("{\"state\": \"draining\", \"triggers\": [\"sigterm\"], \"in-flight\": 7}"));
        assertThat(counted(archive, "sigterm", "lost").drains() - before.drains())
                .isOne();

        archive.sign(silent);
        assertThat(archive.find(new HistoryQuery(pod, null, 10))).isEmpty();
    }

    /** It hangs for more than a minute, and ends before its next sign: with the generation that the lost row has, or with another one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    void drainOfAProcessThatWasTakenForLostHasItsReport(long generation) throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        Identity identity = new Identity(pod);
        archive.sign(new ProcessSign(identity, 1, "serving", DrainCount.NO_TRIGGER, 0, now));
        silence(pod);
        archive.sign(sign("looks" + pod));
        assertThat(archive.find(new HistoryQuery(pod, null, 10)))
                .extracting(PastDrain::ending)
                .containsExactly(PastDrain.Ending.LOST);
        DrainCount before = counted(archive, "sigint", "1");
        PastDrain ended = new PastDrain(
                pod,
                identity.instance(),
                generation,
                PastDrain.Ending.ENDED,
                now.minusSeconds(2),
                now,
                new JsonObject("{\"exit-code\": 1, \"triggers\": [\"sigint\"], \"cut\": 2}"));

        archive.save(ended);
        archive.save(ended);

        assertThat(archive.find(new HistoryQuery(pod, null, 10))).containsExactly(ended);
        assertThat(counted(archive, "sigint", "1").drains() - before.drains()).isOne();
    }

    @Test
    void signThatCrossesTheEndOfItsProcessLosesNobody() throws Exception {
        Archive archive = new PostgresArchive(source, Duration.ofDays(30));
        Identity identity = new Identity(pod);
        ProcessSign sign = new ProcessSign(identity, 1, "draining", "sigterm", 0, now);
        archive.save(new PastDrain(
                pod, identity.instance(), 1, PastDrain.Ending.ENDED, now.minusSeconds(2), now, new JsonObject()));
        archive.sign(sign);
        silence(pod);

        archive.sign(sign("looks" + pod));

        assertThat(archive.find(new HistoryQuery(pod, null, 10)))
                .extracting(PastDrain::ending)
                .containsExactly(PastDrain.Ending.ENDED);
    }

    private ProcessSign sign(String of) {
        return new ProcessSign(new Identity(of), 1, "serving", DrainCount.NO_TRIGGER, 0, now);
    }

    /** For longer than a process may be silent. */
    private void silence(String of) throws Exception {
        try (var connection = source.getConnection();
                var update = connection.prepareStatement(
                        "UPDATE drain_processes SET seen_at = seen_at - interval '61 s' WHERE pod = ?")) {
            update.setString(1, of);
            assertThat(update.executeUpdate()).isOne();
        }
    }

    private void silenceInstance(String instance) throws Exception {
        try (var connection = source.getConnection();
                var update = connection.prepareStatement(
                        "UPDATE drain_processes SET seen_at = seen_at - interval '61 s' WHERE instance = ?")) {
            update.setString(1, instance);
            assertThat(update.executeUpdate()).isOne();
        }
    }

    private DrainCount counted(Archive archive, String trigger, String exit) throws Exception {
        return archive.sign(sign("counts-" + pod)).stream()
                .filter(count -> count.trigger().equals(trigger) && count.exit().equals(exit))
                .findFirst()
                .orElse(new DrainCount(trigger, exit, 0, 0, 0, 0, 0));
    }

    @Test
    void poolKeepsItsOwnNetworkTimeout() throws Exception {
        new PostgresArchive(source, Duration.ofDays(30)).find(new HistoryQuery(pod, null, 1));

        try (var connection = source.getConnection()) {
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    private PastDrain drain(String of, long generation, Instant ended, PastDrain.Ending ending) {
        JsonObject report = new JsonObject().put("served", 3).put("text", "ü'\"");
        return new PastDrain(of, "instance-of-" + of, generation, ending, ended.minusSeconds(20), ended, report);
    }
}
