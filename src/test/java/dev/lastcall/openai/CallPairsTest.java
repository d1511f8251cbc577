package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallPairsTest {
    /** C is a call, O an output, all of one id: some models count their calls anew in each turn. */
    @ParameterizedTest
    @ValueSource(strings = {"", "CO", "COCO", "CCOO"})
    void isWhole(String items) {
        assertThatCode(() -> CallPairs.check(items(items), Wire.RESPONSES)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "O", "OC", "COC", "COO", "COCOO"})
    void isNotWhole(String items) {
        assertThatThrownBy(() -> CallPairs.check(items(items), Wire.CHAT)).isInstanceOf(ApiError.class);
    }

    private static JsonArray items(String items) {
        JsonArray all = new JsonArray();
        items.chars()
                .forEach(each -> all.add(new JsonObject()
                        .put("type", each == 'C' ? "function_call" : "function_call_output")
                        .put("call_id", "call_0")));
        return all;
    }
}
