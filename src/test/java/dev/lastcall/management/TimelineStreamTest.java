package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Trigger;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineStreamTest {
    private final Port port = new Port();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void readerGetsTheNotesSoFarThenTheLiveOnesOnce() throws Exception {
        port.admit("/slow");
        port.drain.trigger(Trigger.OPERATOR);
        try (Stream stream = new Stream(port.get("/drain/timeline"))) {
            // Delivered to the listeners only now: replayed already, so not written again.
            port.time.advance(ofSeconds(0));
            port.time.advance(ofSeconds(10));

            assertThat(stream.headers())
                    .contains("HTTP/1.1 200 OK")
                    .anyMatch("content-type: text/event-stream"::equalsIgnoreCase);
            assertThat(stream.events(3).stream().map(event -> event.id + " " + event.name))
                    .containsExactly("1.1 trigger", "1.2 state", "1.3 state");
        }
    }

    @Test
    void eventCarriesTheNote() throws Exception {
        port.drain.trigger(Trigger.SIGTERM);
        try (Stream stream = new Stream(port.get("/drain/timeline"))) {
            stream.headers();
            Event event = stream.events(2).get(1);

            assertThat(event.data).isEqualTo(new JsonObject("""
                                    {"at": "2026-01-02T03:04:05Z", "elapsed-ms": 0, "generation": 1, "state": "lame-duck",
                                     "event": "state", "detail": "SERVING → LAME_DUCK", "lasted-ms": 0}
                                    """));
        }
    }

    @Test
    void undrainAndTheNextDrainAreSeenByTheSameReader() throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        try (Stream stream = new Stream(port.get("/drain/timeline"))) {
            stream.headers();
            port.drain.undrain();
            port.drain.trigger(Trigger.OPERATOR);
            port.time.advance(ofSeconds(0));

            assertThat(stream.events(6).stream().map(event -> event.id + " " + event.name))
                    .containsExactly(
                            "1.1 trigger", "1.2 state", "1.3 state", "1.4 undrain", "2.1 trigger", "2.2 state");
        }
    }

    @Test
    void returningReaderGetsOnlyNewNotes() throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: 1.1"))) {
            stream.headers();
            assertThat(stream.events(1).get(0).id).isEqualTo("1.2");
        }
    }

    @Test
    void returningReaderGetsTheUndrainThatItMissedAndWhatCameAfterIt() throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        String seen;
        try (Stream stream = new Stream(port.get("/drain/timeline"))) {
            stream.headers();
            stream.events(2);
            seen = stream.lastId;
        }
        port.drain.undrain();
        port.drain.trigger(Trigger.OPERATOR);
        port.drain.undrain();
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: " + seen))) {
            stream.headers();
            assertThat(stream.events(6).stream().map(event -> event.id + " " + event.name))
                    .containsExactly(
                            "1.3 state", "1.4 undrain", "2.1 trigger", "2.2 state", "2.3 state", "2.4 undrain");
            port.drain.trigger(Trigger.OPERATOR);
            port.time.advance(ofSeconds(0));
            assertThat(stream.events(1).get(0).id).isEqualTo("3.1");
        }
    }

    @Test
    void idOfAProcessBeforeThisOneHasSeenNothing() throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        port.drain.undrain();
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: 1.4.00000000"))) {
            stream.headers();
            assertThat(stream.events(4).get(0).id).isEqualTo("1.1");
        }
    }

    @Test
    void idsStayTrueWhereTheOldestNotesAreForgotten() throws Exception {
        for (int i = 0; i < 63; i++) {
            port.drain.trigger(Trigger.OPERATOR);
            port.drain.undrain();
        }
        port.drain.trigger(Trigger.OPERATOR);
        port.drain.trigger(Trigger.PRE_STOP);
        // 252 and 3; two more than are kept.
        port.drain.undrain();
        port.drain.expirePreStop();
        port.drain.undrain();
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: 1.1"))) {
            stream.headers();
            List<Event> events = stream.events(256);
            long before = 63L * 4 + port.drain.notesSince(64).notes().size() - 256;
            assertThat(events.get(0).id).isEqualTo("1." + (before + 1));
            assertThat(events.get(255).id).startsWith("64.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999999999.1", "1.999999999"})
    void idOfTheFutureHidesNothingThatComes(String id) throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: " + id))) {
            stream.headers();
            port.drain.undrain();
            port.time.advance(ofSeconds(0));
            assertThat(stream.events(1).get(0).name).isEqualTo("state");
        }
    }

    @Test
    void idThatIsNotOursReplaysEverything() throws Exception {
        port.drain.trigger(Trigger.OPERATOR);
        try (Stream stream = new Stream(port.get("/drain/timeline", "Last-Event-ID: nonsense"))) {
            stream.headers();
            assertThat(stream.events(1).get(0).id).isEqualTo("1.1");
        }
    }

    @Test
    void silentStreamGetsACommentEveryFifteenSeconds() throws Exception {
        try (Stream stream = new Stream(port.get("/drain/timeline"))) {
            stream.headers();
            stream.comment();
            for (int i = 0; i < 2; i++) {
                await().untilAsserted(() -> assertThat(port.time.waiting()).isOne());
                port.time.advance(ofSeconds(15).minus(ofMillis(1)));
                assertThat(port.time.waiting()).isOne();
                port.time.advance(ofMillis(1));
                stream.comment();
            }
        }
    }

    @Test
    void vanishedReaderLeavesNoSubscriptionAndNoTimer() throws Exception {
        Stream stream = new Stream(port.get("/drain/timeline"));
        stream.headers();
        assertThat(port.watchers.count()).isOne();

        stream.close();

        await().untilAsserted(() -> {
            assertThat(port.watchers.count()).isZero();
            assertThat(port.time.waiting()).isZero();
        });
    }

    @Test
    void readerThatDoesNotReadIsDroppedAndDelaysNoOther() throws Exception {
        try (Socket lazy = port.get("/drain/timeline");
                Stream diligent = new Stream(port.get("/drain/timeline"))) {
            diligent.headers();
            await().untilAsserted(() -> assertThat(port.watchers.count()).isEqualTo(2));
            for (int round = 0; round < 1000 && port.watchers.count() == 2; round++) {
                for (int i = 0; i < 10; i++) {
                    port.drain.trigger(Trigger.OPERATOR);
                    port.drain.undrain();
                }
                port.time.advance(ofSeconds(0));
                diligent.events(40);
            }
            assertThat(port.watchers.count()).isOne();
            assertThat(lazy.isClosed()).isFalse();
        }
    }

    private record Event(String id, String name, JsonObject data) {}

    /** Reads a stream line by line; a line that does not come fails by the socket's timeout. */
    private static final class Stream implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader reader;

        Stream(Socket socket) throws IOException {
            this.socket = socket;
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        String lastId = "";

        List<String> headers() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
                lines.add(line);
            }
            return lines;
        }

        List<Event> events(int count) throws IOException {
            List<Event> events = new ArrayList<>();
            while (events.size() < count) {
                lastId = after("id: ");
                events.add(new Event(
                        lastId.substring(0, lastId.lastIndexOf('.')),
                        after("event: "),
                        new JsonObject(after("data: "))));
            }
            return events;
        }

        void comment() throws IOException {
            assertThat(after(":")).isEmpty();
        }

        private String after(String field) throws IOException {
            String line = reader.readLine();
            while (line != null && !line.startsWith(field)) {
                line = reader.readLine();
            }
            assertThat(line).isNotNull();
            return line.substring(field.length());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
