package dev.lastcall.rehearsal.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A run that is heard over two connections. */
class RunEventsTest {
    private final RunEvents events = new RunEvents();

    @Test
    void runGoesOnBehindAShutdownAndEndsOnce() {
        events.begin("text/event-stream");
        events.identify("r");
        hear("id: 4\ndata: {\"type\":\"token\",\"n\":0,\"text\":\"1 \"}\n\n");
        hear("data: {\"type\":\"end\",\"reason\":\"shutdown\"}\n\n");
        assertThat(events.isEnded()).isFalse();
        assertThat(events.next().path()).isEqualTo("/agent/runs/r/events");
        assertThat(events.next().headers()).containsEntry("Last-Event-ID", "4");

        events.begin("application/problem+json");
        events.identify("");
        hear("data: no event\n");
        events.begin("text/event-stream");
        events.identify("r");
        hear(": comment\nid: 5\ndata: {\"type\":\"token\",\"n\":1,\"text\":\"2 \"}\n\n");
        hear("id: 7\ndata: {\"type\":\"end\",\"reason\":\"completed\"}\n\n");
        assertThat(events.isEnded()).isTrue();
        assertThat(events.events()).containsExactly("token 0 1 ", "token 1 2 ", "end completed");
    }

    private void hear(String text) {
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            events.accept(each);
        }
    }
}
