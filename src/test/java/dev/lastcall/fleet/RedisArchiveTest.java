package dev.lastcall.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
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

/** The archive on a real Redis. Each test is a fleet of its own. */
@QuarkusTest
class RedisArchiveTest {
    @Inject
    ReactiveRedisDataSource redis;

    private final String fleet = "f" + UUID.randomUUID();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @Test
    void lossesOfTwentyKilledAndTwentyCutPodsAreAllCountedOnce() throws Exception {
        new FleetLosses(archive(), "x-", this::silence).areAllCountedOnce();
    }

    @Test
    void drainIsFoundAsItWasSavedAndCountedOnce() {
        RedisArchive archive = archive();
        PastDrain drain = drain("p", 1, PastDrain.Ending.ENDED, new JsonObject("""
                {"exit-code": 1, "triggers": ["sighup"], "cut": 3, "rejected": 5, "lost": 2,
                 "release": [{"step": "a", "outcome": "timed out"}]}"""));
        archive.save(drain);
        archive.save(drain);

        PastDrain found = archive.find(new HistoryQuery("p", null, 9)).get(0);
        assertThat(found.report()).isEqualTo(drain.report());
        assertThat(found.startedAt()).isEqualTo(drain.startedAt());
        assertThat(archive.sign(process("other"))).containsExactly(new DrainCount("sighup", "1", 1, 3, 5, 2, 1));
        assertThat(archive.find(new HistoryQuery("q", null, 9))).isEmpty();
    }

    @Test
    void processThatWasOnlySlowHasNoLostRowAnyMoreAndStaysCounted() throws Exception {
        RedisArchive archive = archive();
        ProcessSign slow = process("slow");
        archive.sign(slow);
        silence(slow.identity().instance());
        archive.sign(process("other"));

        PastDrain lost = archive.find(new HistoryQuery("slow", null, 9)).get(0);
        assertThat(lost.ending()).isEqualTo(PastDrain.Ending.LOST);
        assertThat(lost.report().getString("state")).isEqualTo("draining");

        assertThat(archive.sign(slow)).containsExactly(new DrainCount("sigterm", "lost", 1, 0, 0, 0, 0));
        assertThat(archive.find(new HistoryQuery("slow", null, 9))).isEmpty();
    }

    /** Its last sign may cross its end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void processThatEndedWithAReportIsNotMissed(boolean crossing) throws Exception {
        RedisArchive archive = archive();
        ProcessSign ending = process("ending");
        archive.sign(ending);
        PastDrain drain = drain("ending", 1, PastDrain.Ending.ENDED, new JsonObject());
        archive.save(new PastDrain(
                "ending",
                ending.identity().instance(),
                1,
                drain.ending(),
                drain.startedAt(),
                drain.endedAt(),
                drain.report()));
        if (crossing) {
            archive.sign(ending);
        }
        silence(ending.identity().instance());

        assertThat(archive.sign(process("other"))).extracting(DrainCount::exit).doesNotContain("lost");
    }

    @Test
    void latestTwoHundredAreKept() {
        RedisArchive archive = archive();
        for (int i = 0; i < 203; i++) {
            archive.save(drain("p", i, PastDrain.Ending.UNDONE, new JsonObject()));
        }

        List<PastDrain> found = archive.find(new HistoryQuery(null, null, 1000));
        assertThat(found).hasSize(200);
        assertThat(found).extracting(PastDrain::generation).doesNotContain(0L, 1L, 2L);
    }

    @Test
    void whatSomebodyElseHasWrittenIsOverlooked() {
        RedisArchive archive = archive();
        archive.save(drain("p", 1, PastDrain.Ending.UNDONE, new JsonObject().put("served", 3)));
        for (String row : List.of("", "x", "1 {", "1 {\"pod\":7}", "nan {}", "1 " + "x".repeat(100_000))) {
            String id = UUID.randomUUID().toString();
            command("HSET", key("past"), id, row);
            command("ZADD", key("order"), "9999999999999", id);
        }
        command("HSET", key("totals"), "sigterm|0|drains", "many", "<b>|0|drains", "7", "x", "1");

        assertThat(archive.find(new HistoryQuery(null, null, 9)))
                .extracting(PastDrain::pod)
                .containsExactly("p");
        assertThat(archive.sign(process("other")))
                .extracting(DrainCount::trigger)
                .doesNotContain("<b>");
    }

    private RedisArchive archive() {
        return new RedisArchive(redis, new FleetSettings(fleet, Duration.ofSeconds(2), Duration.ofDays(1)));
    }

    private void silence(String instance) {
        command("ZADD", key("processes"), "XX", "1000", instance);
    }

    private String key(String name) {
        return fleet + ":drain:" + name;
    }

    private void command(String name, String... arguments) {
        redis.execute(name, arguments).await().atMost(Duration.ofSeconds(60));
    }

    private ProcessSign process(String pod) {
        return new ProcessSign(new Identity(pod), 1, "draining", "sigterm", 2, now);
    }

    private PastDrain drain(String pod, long generation, PastDrain.Ending ending, JsonObject report) {
        return new PastDrain(pod, "instance-of-" + pod, generation, ending, now.minusSeconds(20), now, report);
    }
}
