package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedCallsTest {
    private static final JsonArray LOOK = new JsonArray("[{\"type\":\"function\",\"name\":\"look\"}]");

    @Test
    void eachLineIsOneCallAndTheLastResultIsSaid() {
        ModelRequest request = asked("call look {\"at\": 1}\n\ncall look {}");
        assertThat(said(request)).isEqualTo("look {\"at\": 1} call_0");

        request = request.with(result("call_0", "rain"));
        assertThat(said(request)).isEqualTo("look {} call_1");

        request = request.with(result("call_1", "sun and wind"));
        assertThat(said(request)).isEqualTo("sun and wind");
        assertThat(said(request.continuing(new Continuation("sun ", 1)))).isEqualTo("and wind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"call home {}", "call look", "call look {}\nand then?", "please call look {}"})
    void lineThatCallsNoOfferedFunctionIsEchoed(String input) {
        assertThat(said(asked(input))).isEqualTo(input);
    }

    @Test
    void nothingIsCalledWhereNothingIsOffered() {
        assertThat(said(ModelRequest.plain("call look {}"))).isEqualTo("call look {}");
    }

    @Test
    void functionOfThisServiceReplacesTheClientsOfTheSameName() {
        JsonArray own = new JsonArray("[{\"type\":\"function\",\"name\":\"look\",\"description\":\"ours\"}]");
        assertThat(asked("x").offering(own).tools()).isEqualTo(own);
        assertThat(asked("x").offering(new JsonArray())).isEqualTo(asked("x"));
    }

    private static ModelRequest asked(String input) {
        return ModelRequest.plain(input).offering(LOOK);
    }

    private static JsonArray result(String id, String text) {
        return new JsonArray()
                .add(new JsonObject().put("type", "function_call").put("call_id", id))
                .add(new JsonObject()
                        .put("type", "function_call_output")
                        .put("call_id", id)
                        .put("output", text));
    }

    private static String said(ModelRequest request) {
        ScriptedAnswer speech = ScriptedAnswer.of(request);
        StringBuilder said = new StringBuilder();
        while (speech.hasNext()) {
            ModelEvent event = speech.next();
            said.append(
                    event instanceof ModelEvent.ToolCall call
                            ? call.name() + " " + call.arguments() + " " + call.callId()
                            : ((ModelEvent.Text) event).delta());
        }
        boolean called = said.toString().matches("look .* call_.*");
        assertThat(speech.finish().reason()).isEqualTo(called ? FinishReason.TOOL_CALLS : FinishReason.STOP);
        return said.toString();
    }
}
