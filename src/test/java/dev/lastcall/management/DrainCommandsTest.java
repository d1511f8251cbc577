package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.StatusTable;
import dev.lastcall.drain.Trigger;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrainCommandsTest {
    private final Port port = new Port();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void everyKeyIsThereWhileServing() throws Exception {
        port.admit("/a");
        port.admit("/b", EntryClass.STREAM);
        port.admit("/c").end(Outcome.COMPLETED);

        var response = port.send("GET", "/drain");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(Port.json(response)).isEqualTo(new JsonObject("""
                                {"state": "serving", "ready": true, "generation": 1, "triggers": [], "asked-by": null, "reason": null, "started-at": null,
                                 "deadline": null, "remaining-ms": null,
                                 "in-flight": {"total": 2, "unary": 1, "stream": 1, "websocket": 0, "tcp": 0, "run": 0},
                                 "served": 0, "rejected": 0, "cut": 0, "left": 0, "crossed": 0, "handed-off": 0, "lost": 0, "broken-off": 0,
                                 "since-start": {"served": 1, "rejected": 0, "cut": 0, "left": 0, "crossed": 0, "handed-off": 0, "lost": 0, "broken-off": 0},
                                 "stages": [], "tables": []}
                                """));
    }

    /** Tables by which other packages say something of themselves; one that has no rows, or fails, is left out. */
    @Test
    void tablesOfOtherPackagesAreShown() throws Exception {
        port.rooms.add(() -> {
            throw new IllegalStateException("no status");
        });
        port.rooms.add(() -> new StatusTable("Empty", List.of("a"), List.of()));
        port.rooms.add(() -> new StatusTable("Stores", List.of("kept in", "files"), List.of(List.of("memory", "0"))));

        assertThat(Port.json(port.send("GET", "/drain")).getJsonArray("tables")).isEqualTo(new JsonArray("""
                                [{"title": "Stores", "rows": [{"kept in": "memory", "files": "0"}]}]
                                """));
    }

    @Test
    void drainUnderWayIsShownWithItsBudgetAndStages() throws Exception {
        port.admit("/a");
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(10));
        port.time.advance(ofMillis(500));

        JsonObject view = Port.json(port.send("GET", "/drain"));

        assertThat(view.getString("state")).isEqualTo("draining");
        assertThat(view.getBoolean("ready")).isFalse();
        assertThat(view.getJsonArray("triggers")).isEqualTo(new JsonArray(List.of("sigterm")));
        assertThat(view.getString("started-at")).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(view.getString("deadline")).isEqualTo("2026-01-02T03:04:34Z");
        assertThat(view.getInteger("remaining-ms")).isEqualTo(18_500);
        assertThat(view.getJsonArray("stages")).isEqualTo(new JsonArray("""
                                [{"stage": "lame-duck", "at": "2026-01-02T03:04:05Z", "elapsed-ms": 0, "lasted-ms": 10000},
                                 {"stage": "draining", "at": "2026-01-02T03:04:15Z", "elapsed-ms": 10000, "lasted-ms": null}]
                                """));
    }

    @Test
    void postStartsAnOperatorsDrainWithoutDeadline() throws Exception {
        var response = port.send("POST", "/drain");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(Port.json(response).getString("state")).isEqualTo("lame-duck");
        assertThat(Port.json(response).getJsonArray("triggers")).isEqualTo(new JsonArray(List.of("operator")));
        assertThat(Port.json(response).getString("deadline")).isNull();
    }

    @Test
    void reasonAndWhoAskedAreKnownUntilTheDrainIsUndone() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString("al ice\n:x".getBytes(UTF_8));
        port.sendBody("POST", "/drain", "{\"reason\": \" disk \\u202e\\n<b>full</b> \"}", "Authorization", basic);

        JsonObject view = Port.json(port.send("GET", "/drain"));
        assertThat(view.getString("asked-by")).isEqualTo("al_ice@127.0.0.1");
        assertThat(view.getString("reason")).isEqualTo("disk   <b>full</b>");

        port.sendBody("POST", "/drain", "{\"reason\": \"another\"}");
        assertThat(Port.json(port.send("GET", "/drain")).getString("reason")).startsWith("disk");
        port.send("DELETE", "/drain");
        assertThat(Port.json(port.send("GET", "/drain")).getString("reason")).isNull();
        port.send("POST", "/drain");
        port.sendBody("POST", "/drain", "{\"reason\": \"later\"}");
        assertThat(Port.json(port.send("GET", "/drain")).getString("reason")).isEqualTo("later");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "null",
                "7",
                "{",
                "{\"reason\": 7}",
                "{\"reason\": {}}",
                "{\"why\": \"x\"}",
                "{\"reason\": \"a\", \"by\": \"b\"}",
                "LONG"
            })
    void bodyThatIsNoReasonBeginsNoDrain(String body) throws Exception {
        String sent = body.equals("LONG") ? "{\"reason\": \"" + "x".repeat(201) + "\"}" : body;

        var response = port.sendBody("POST", "/drain", sent);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:bad-request");
        assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"reason\": null}", "{\"reason\": \"  \"}"})
    void reasonCanBeLeftOut(String body) throws Exception {
        assertThat(port.sendBody("POST", "/drain", body).statusCode()).isEqualTo(202);
        assertThat(Port.json(port.send("GET", "/drain")).getString("reason")).isNull();
        assertThat(Port.json(port.send("GET", "/drain")).getString("asked-by")).isEqualTo("127.0.0.1");
    }

    @Test
    void postAgainJoinsAndIs200OnceDrained() throws Exception {
        port.send("POST", "/drain");
        var again = port.send("POST", "/drain");
        port.time.advance(ofSeconds(10));
        var drained = port.send("POST", "/drain");

        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(drained.statusCode()).isEqualTo(200);
        assertThat(Port.json(drained).getString("state")).isEqualTo("drained");
        assertThat(Port.json(drained).getInteger("generation")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0, LAME_DUCK", "10, DRAINING"})
    void deleteUndoesAnOperatorsDrain(int seconds, DrainState from) throws Exception {
        port.admit("/a");
        port.send("POST", "/drain");
        port.time.advance(ofSeconds(seconds));
        assertThat(port.drain.state()).isEqualTo(from);

        var response = port.send("DELETE", "/drain");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Port.json(response).getString("state")).isEqualTo("serving");
        assertThat(Port.json(response).getInteger("generation")).isEqualTo(2);
    }

    @Test
    void deleteUndoesAnOperatorsDrainThatIsDrained() throws Exception {
        port.send("POST", "/drain");
        port.time.advance(ofSeconds(10));
        assertThat(port.drain.state()).isEqualTo(DrainState.DRAINED);

        assertThat(port.send("DELETE", "/drain").statusCode()).isEqualTo(200);
        assertThat(port.drain.ready()).isTrue();
    }

    @Test
    void deleteWhileServingChangesNothing() throws Exception {
        var response = port.send("DELETE", "/drain");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Port.json(response).getInteger("generation")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PRE_STOP, 0, lame-duck",
        "PRE_STOP, 10, draining",
        "SIGTERM, 0, lame-duck",
        "SIGTERM, 10, draining",
        "SIGTERM, 22, cancelling",
        "SIGINT, 0, draining",
        "PROCESS_EXIT, 25, drained"
    })
    void deleteIsTooLateForATermination(Trigger trigger, int seconds, String state) throws Exception {
        port.admit("/a");
        port.drain.trigger(trigger);
        port.time.advance(ofSeconds(seconds));

        var response = port.send("DELETE", "/drain");

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonObject problem = Port.json(response);
        assertThat(problem.getString("type")).isEqualTo("urn:lastcall:problem:too-late");
        assertThat(problem.getInteger("status")).isEqualTo(409);
        assertThat(problem.getString("state")).isEqualTo(state);
        assertThat(problem.getString("reason")).isNotBlank().isEqualTo(problem.getString("detail"));
        assertThat(problem.getString("next")).isNotBlank();
        assertThat(port.drain.state().key()).isEqualTo(state);
    }

    @Test
    void deleteIsTooLateInTheRelease() throws Exception {
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(10));
        assertThat(port.drain.beginRelease()).isTrue();

        assertThat(port.send("DELETE", "/drain").statusCode()).isEqualTo(409);
    }
}
