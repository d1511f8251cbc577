package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.SentBody;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Bodies and cursors of the native wires: refused as the client's fault, or an input that a model can be asked. */
class InputsFuzzTest {
    private static final int LONGEST = 1024;

    private final Inputs inputs = new Inputs(new Config());

    private record Config() implements AgentConfig {
        @Override
        public MemorySize maxInput() {
            return new MemorySize(BigInteger.valueOf(LONGEST));
        }

        @Override
        public Duration keepAlive() {
            return Duration.ofSeconds(15);
        }
    }

    @DictionaryEntries({
        "{\\\"input\\\":\\\"a\\\"}",
        "{\\\"id\\\":\\\"c\\\",\\\"messages\\\":[{\\\"role\\\":\\\"user\\\",\\\"parts\\\":[{\\\"type\\\":\\\"text\\\",\\\"text\\\":\\\"a\\\"}]}]}",
        "\\\"type\\\":\\\"file\\\",\\\"mediaType\\\":\\\"image/png\\\",\\\"url\\\":\\\"data:image/png;base64,AA\\\"",
        "\\\"type\\\":\\\"tool-f\\\",\\\"toolCallId\\\":\\\"c\\\",\\\"state\\\":\\\"output-available\\\",\\\"input\\\":{},\\\"output\\\":1",
        "\\\"type\\\":\\\"reasoning\\\"",
        "\\\\ud83d"
    })
    @FuzzTest
    void bodyIsRefusedOrAnInput(byte[] input) {
        Patience.within(input, () -> {
            Buffer body = Buffer.buffer(input);
            allowed(() -> assertThat(inputs.read(body).getBytes(StandardCharsets.UTF_8).length)
                    .isBetween(1, LONGEST));
            allowed(() -> send(UiMessages.read(body)));
            allowed(() -> assertThat(ResumePoint.read("id", body.toString())).isGreaterThanOrEqualTo(-1));
            return "";
        });
    }

    private static void send(UiMessages chat) {
        JsonObject request = new JsonObject()
                .put("input", chat.input())
                .put("tools", new JsonArray())
                .put("options", new JsonObject())
                .put("model", chat.model());
        assertThat(SentBody.of(ModelRequest.of(new JsonObject(request.encode())))
                        .encode())
                .isNotEmpty();
    }

    private static void allowed(Runnable reading) {
        try {
            reading.run();
        } catch (BadInput refused) {
            assertThat(refused.status()).isIn(400, 413);
        }
    }
}
