package dev.lastcall.management;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Trigger;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightListTest {
    private final Port port = new Port();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void oldestEntriesAreListedWithMethodPathClassAndAge() throws Exception {
        var stream = port.admit("/events?secret=1", EntryClass.STREAM);
        stream.hold();
        port.time.advance(ofSeconds(2));
        port.admit("/young");
        stream.end(Outcome.LEFT);
        port.time.advance(ofMillis(5));

        JsonObject list = Port.json(port.send("GET", "/drain/in-flight"));

        assertThat(list.getInteger("count")).isEqualTo(2);
        assertThat(list.getJsonArray("entries")).isEqualTo(new JsonArray("""
                                [{"class": "stream", "method": "GET", "path": "/events", "age-ms": 2005, "told": true, "client-gone": true},
                                 {"class": "unary", "method": "GET", "path": "/young", "age-ms": 5, "told": false, "client-gone": false}]
                                """));
    }

    @Test
    void cancelledEntryIsMarked() throws Exception {
        port.admit("/a");
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(22));

        JsonObject list = Port.json(port.send("GET", "/drain/in-flight"));

        assertThat(list.getJsonArray("entries").getJsonObject(0).getBoolean("told"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'', 100", "?limit=1, 1", "?limit=1000, 1000"})
    void limitBoundsTheEntriesAndNotTheCount(String query, int expected) throws Exception {
        for (int i = 0; i < 1001; i++) {
            port.admit("/a");
        }

        JsonObject list = Port.json(port.send("GET", "/drain/in-flight" + query));

        assertThat(list.getJsonArray("entries")).hasSize(expected);
        assertThat(list.getInteger("count")).isEqualTo(1001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "many", "", "99999999999", "1&limit=2", "1.5"})
    void badLimitIsRefusedByName(String limit) throws Exception {
        var response = port.send("GET", "/drain/in-flight?limit=" + limit);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:bad-limit");
        assertThat(Port.json(response).getString("detail"))
                .startsWith("limit: " + limit.replace("&limit=", ", "))
                .endsWith("(expected: one number from 1 to 1000)");
    }
}
