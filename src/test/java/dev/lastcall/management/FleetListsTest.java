package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.fleet.FleetAlone;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** History and peers without PostgreSQL and Redis. */
class FleetListsTest {
    private final Port port = new Port();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void withoutRedisOnlyThisPodIsListedAndTheMissingSettingNamed() throws Exception {
        port.admit("/a");

        JsonObject list = Port.json(port.send("GET", "/drain/peers"));

        assertThat(list.getBoolean("shared")).isFalse();
        assertThat(list.getString("needs")).isEqualTo("quarkus.redis.hosts");
        assertThat(list.getJsonArray("pods")).hasSize(1);
        JsonObject self = list.getJsonArray("pods").getJsonObject(0);
        assertThat(self.getString("pod")).isEqualTo(FleetAlone.POD);
        assertThat(self.getBoolean("self")).isTrue();
        assertThat(self.getString("state")).isEqualTo("serving");
        assertThat(self.getInteger("in-flight")).isEqualTo(1);
        assertThat(self.getInteger("age-ms")).isZero();
    }

    @Test
    void withoutPostgresqlTheUndoneDrainsOfThisProcessAreKept() throws Exception {
        drainAndUndo(3);
        drainAndUndo(5);

        JsonObject list = Port.json(port.send("GET", "/drain/history"));

        assertThat(list.getBoolean("shared")).isFalse();
        assertThat(list.getString("needs")).isEqualTo("quarkus.datasource.jdbc.url");
        JsonObject last = list.getJsonArray("drains").getJsonObject(0);
        assertThat(last.getInteger("generation")).isEqualTo(2);
        assertThat(last.getString("ending")).isEqualTo("undone");
        assertThat(last.getString("started-at")).isEqualTo("2026-01-02T03:04:08Z");
        assertThat(last.getString("ended-at")).isEqualTo("2026-01-02T03:04:13Z");
        assertThat(last.getJsonObject("report").getJsonArray("triggers")).containsExactly("operator");
        assertThat(last.getJsonObject("report").getJsonArray("stages").getJsonObject(0))
                .isEqualTo(new JsonObject().put("stage", "lame-duck").put("lasted-ms", 5000));
        assertThat(list.getJsonArray("drains")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=1, 1",
        "pod=" + FleetAlone.POD + ", 2",
        "pod=other, 0",
        "since=2026-01-02T03:04:09Z, 1",
        "since=2026-01-02T04:04:09%2B01:00, 1"
    })
    void historyIsFiltered(String query, int count) throws Exception {
        drainAndUndo(3);
        drainAndUndo(5);

        assertThat(Port.json(port.send("GET", "/drain/history?" + query)).getJsonArray("drains"))
                .hasSize(count);
    }

    @ParameterizedTest
    @CsvSource({"limit=0, bad-limit", "limit=201, bad-limit", "limit=x, bad-limit", "since=yesterday, bad-since"})
    void badQueryIsNamed(String query, String problem) throws Exception {
        var response = port.send("GET", "/drain/history?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:" + problem);
        assertThat(Port.json(response).getString("detail"))
                .startsWith(query.replace("=", ": ").replace(", ", ""))
                .contains("expected");
    }

    @ParameterizedTest
    @CsvSource({
        "pod=%00, bad-request",
        "pod=a%00b, bad-request",
        "pod=a&pod=b, bad-request",
        "since=2026-01-02T03:04:05Z&since=2026-01-02T03:04:05Z, bad-request",
        "limit=1&limit=1, bad-limit",
        "other=1&other=2, bad-request",
        "since=%2B1000000000-01-01T00:00:00Z, bad-since",
        "since=-1000000000-01-01T00:00:00Z, bad-since",
        "since=%2B300000-01-01T00:00:00Z, bad-since",
        "since=0000-12-31T23:59:59Z, bad-since",
        "since=, bad-since"
    })
    void whatPostgresqlCannotHoldAndWhatIsSaidTwiceIsRefused(String query, String problem) throws Exception {
        var response = port.send("GET", "/drain/history?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:" + problem);
        assertThat(Port.json(response).getString("detail")).contains("expected").doesNotContain("\0");
    }

    private void drainAndUndo(int seconds) throws Exception {
        port.send("POST", "/drain");
        port.time.advance(ofSeconds(seconds));
        port.send("DELETE", "/drain");
        port.time.advance(ofSeconds(0));
    }
}
