package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBoundaryTest {
    private static boolean isWhole(String type, String... chunks) {
        EventBoundary tail = new EventBoundary(type);
        for (String chunk : chunks) {
            tail.note(Buffer.buffer(chunk.replace("N", "\n").replace("R", "\r")));
        }
        return tail.isWhole();
    }

    @Test
    void nothingIsWhole() {
        assertThat(isWhole("text/event-stream")).isTrue();
        assertThat(isWhole("application/x-ndjson")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "data: 1NN, true",
        "data: 1RNRN, true",
        "data: 1RR, true",
        "data: 1N, false",
        "data: 1RN, false",
        "data: 1NNda, false",
        "data: 1NRN, true",
        "data: 1RNN, true",
        "data: 1RRN, true",
        "data: 1RNR, true",
        "data: 1NR, true",
        "data: 1N:RN, false",
        "NN, true"
    })
    void eventEndsWithAnEmptyLine(String sent, boolean whole) {
        assertThat(isWhole("text/event-stream;charset=utf-8", sent)).isEqualTo(whole);
    }

    @Test
    void emptyLineMayComeInPieces() {
        assertThat(isWhole("text/event-stream", "data: 1N", "N")).isTrue();
        assertThat(isWhole("text/event-stream", "data: 1R", "N", "R", "N")).isTrue();
        assertThat(isWhole("text/event-stream", "data: 1NN", "d")).isFalse();
    }

    @Test
    void lineOfJsonEndsWithIt() {
        assertThat(isWhole("application/x-ndjson", "{}N")).isTrue();
        assertThat(isWhole("application/x-ndjson", "{}N{")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Text/Event-Stream, true",
        "TEXT/EVENT-STREAM ; charset=utf-8, true",
        "application/X-NDJSON, true",
        "application/ndjson, true",
        "application/jsonl, true",
        "application/json-seq, true",
        "application/json, false",
        "text/event-streamer, false"
    })
    void namesOfStreamsAreCaseInsensitive(String type, boolean stream) {
        assertThat(StreamTypes.isStream(type)).isEqualTo(stream);
    }

    @Test
    void otherLinesOfJsonEndWithThemToo() {
        assertThat(isWhole("Application/JSONL", "{}N")).isTrue();
        assertThat(isWhole("application/json-seq", "{}")).isFalse();
    }
}
