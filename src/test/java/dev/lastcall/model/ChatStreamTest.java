package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatStreamTest {
    private final List<ModelEvent> heard = new ArrayList<>();
    private final ChatStream stream = new ChatStream(heard::add);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void bytesMayBeCutAnywhere(int size) {
        Buffer bytes =
                Buffer.buffer("id: 1\r\n" + text("é👩 ") + "\n: ping\n" + text("x") + stop() + "data: [DONE]\n\n");

        for (int i = 0; i < bytes.length(); i += size) {
            stream.read(bytes.getBuffer(i, Math.min(bytes.length(), i + size)));
        }

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.Text("é👩 "),
                        new ModelEvent.Text("x"),
                        new ModelEvent.Finish(FinishReason.STOP, null));
    }

    @Test
    void halvesOfACharacterAreJoined() {
        stream.read(Buffer.buffer("""
                data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}

                data: {"choices":[{"delta":{"content":"\\ude00b"}}]}

                """));

        assertThat(heard).containsExactly(new ModelEvent.Text("a"), new ModelEvent.Text("😀b"));
    }

    @Test
    void callsThatComeInterleavedAreToldApart() {
        stream.read(Buffer.buffer(StandIn.event(StandIn.chunk(StandIn.call(1, "b", "g", "{\"x\""), null))
                + StandIn.event(StandIn.chunk(StandIn.call(0, "a", "f", ""), null))
                + StandIn.event(StandIn.chunk(StandIn.call(1, null, null, ":1}"), "tool_calls"))
                + "data: [DONE]\n"));

        assertThat(heard)
                .containsExactly(
                        new ModelEvent.ToolCall("a", "f", "{}"),
                        new ModelEvent.ToolCall("b", "g", "{\"x\":1}"),
                        new ModelEvent.Finish(FinishReason.TOOL_CALLS, null));
    }

    @Test
    void lineWithoutEndIsRefusedBeforeItFillsTheMemory() {
        Buffer part = Buffer.buffer("x".repeat(1 << 19));

        stream.read(part.copy());
        stream.read(part.copy());

        assertThatThrownBy(() -> stream.read(part.copy())).isInstanceOf(ModelFailure.class);
    }

    private static String text(String content) {
        return StandIn.event(StandIn.chunk(new JsonObject().put("content", content), null));
    }

    private static String stop() {
        return StandIn.event(StandIn.chunk(new JsonObject(), "stop"));
    }
}
