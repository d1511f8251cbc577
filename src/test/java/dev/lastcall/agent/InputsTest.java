package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputsTest {
    private record Limit(MemorySize maxInput) implements AgentConfig {
        @Override
        public Duration keepAlive() {
            return Duration.ofSeconds(15);
        }
    }

    private final Inputs inputs = new Inputs(limit(8));

    @Test
    void readsTheInputAndIgnoresTheRest() {
        assertThat(read("{\"input\": \" a\\u0041\\n\", \"more\": {}}")).isEqualTo(" aA\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
                    ''                        | body: not JSON
                    '{'                       | body: not JSON
                    '{"input": "a"'           | body: not JSON
                    '{"input": "a"} x'        | body: not JSON
                    'hello'                   | body: not JSON
                    '{"input": NaN}'          | body: not JSON
                    'null'                    | body: null
                    '[]'                      | body: an array
                    '"text"'                  | body: a string
                    '7'                       | body: a number
                    '{}'                      | input: missing
                    '{"Input": "a"}'          | input: missing
                    '{"input": null}'         | input: null
                    '{"input": 7}'            | input: a number
                    '{"input": 1e999999999}'  | input: a number
                    '{"input": true}'         | input: a boolean
                    '{"input": ["a"]}'        | input: an array
                    '{"input": {"a": 1}}'     | input: an object
                    '{"input": ""}'           | input: blank
                    '{"input": " \\t\\n "}'   | input: blank
                    """)
    void malformedInputIsNamedWithTheExpectedOne(String json, String named) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.status()).isEqualTo(400))
                .hasMessageStartingWith(named + " (expected: a JSON object {\"input\": \"text\"}); ");
    }

    @Test
    void halfACharacterIsRefused() {
        assertThatThrownBy(() -> read("{\"input\": \"a\\ud800\"}"))
                .hasMessageStartingWith("input: half of a surrogate pair (expected: Unicode text)");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        Buffer latin1 = Buffer.buffer("{\"input\": \"é\"}", "ISO-8859-1");
        Buffer utf16 = Buffer.buffer("{\"input\": \"a\"}", "UTF-16");

        assertThatThrownBy(() -> inputs.read(latin1)).hasMessageStartingWith("body: not UTF-8");
        assertThatThrownBy(() -> inputs.read(utf16)).hasMessageStartingWith("body: not UTF-8");
    }

    @Test
    void deeplyNestedJsonIsRefusedAndNotFollowed() {
        Inputs large = new Inputs(limit(65536));
        Buffer nested = Buffer.buffer("[".repeat(100_000));

        assertThatThrownBy(() -> large.read(nested)).hasMessageStartingWith("body: not JSON");
    }

    @Test
    void limitCountsBytesOfUtf8() {
        assertThat(read("{\"input\": \"éééé\"}")).isEqualTo("éééé");
        assertThatThrownBy(() -> read("{\"input\": \"ééééa\"}"))
                .isInstanceOfSatisfying(
                        BadInput.class, bad -> assertThat(bad.status()).isEqualTo(413))
                .hasMessage(
                        "input: 9 bytes of UTF-8 (expected: at most 8, lastcall.agent.max-input); shorten the input");
    }

    @Test
    void longestInputFitsTheBodyHoweverItIsEscaped() {
        assertThat(inputs.maxBody()).isEqualTo(6 * 8 + 4096);
        assertThat(read("{\"input\": \"" + "\\u0041".repeat(8) + "\"}")).isEqualTo("AAAAAAAA");
        assertThatThrownBy(() -> read("{\"input\": \"a\"" + " ".repeat(6 * 8 + 4096) + "}"))
                .hasMessage(
                        "body: longer than 4144 bytes (expected: an input of at most 8 bytes, lastcall.agent.max-input); shorten the input");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (16 << 20) + 1})
    void limitOutsideItsRangeFailsTheStart(long bytes) {
        assertThatThrownBy(() -> new Inputs(limit(bytes)))
                .hasMessage("lastcall.agent.max-input: " + bytes + " bytes (expected: 1 to 16777216 bytes, as in 64K)");
    }

    private String read(String json) {
        return inputs.read(Buffer.buffer(json));
    }

    private static AgentConfig limit(long bytes) {
        return new Limit(new MemorySize(BigInteger.valueOf(bytes)));
    }
}
