package dev.lastcall.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelStreamTest {
    private final ModelStream stream = new ModelStream();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"choices\":[]}\n\n",
                "data: {\"object\": \"text_completion\"}\n\n",
                "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0}\n\n",
                ": ping\n\nevent: message_start\ndata: {\"type\": \"message_start\"}\n\n"
            })
    void answerIsToldByItsFirstEventHoweverItComes(String beginning) {
        for (byte each : beginning.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            stream.note(Buffer.buffer().appendByte(each));
        }
        assertThat(stream.isAnswer()).isTrue();
    }

    @Test
    void whatComesLaterTellsNothing() {
        stream.note(Buffer.buffer("data: {\"price\": 1}\n\n".repeat(100)));
        stream.note(Buffer.buffer("data: {\"object\":\"chat.completion.chunk\"}\n\n"));
        assertThat(stream.isAnswer()).isFalse();
    }
}
