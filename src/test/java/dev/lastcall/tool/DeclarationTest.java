package dev.lastcall.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclarationTest {
    private record Declared(String url, String schema, Duration timeout, MemorySize maxAnswer)
            implements ToolConfig.Declared {
        @Override
        public Optional<String> description() {
            return Optional.of("Looks.");
        }

        @Override
        public boolean idempotent() {
            return true;
        }
    }

    @Test
    void declarationIsReadFromTheConfiguration() {
        Declaration declaration = declare("look_up-2", "http://tools:8000/look", "{\"type\":\"object\"}", "PT1S", 100);
        assertThat(declaration.url()).hasToString("http://tools:8000/look");
        assertThat(declaration.idempotent()).isTrue();
        assertThat(declaration.maxAnswer()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a.b  | http://t/    | {"type":"object"} | PT1S | 1       | lastcall.tool.a.b: no name
        look | ftp://t/     | {"type":"object"} | PT1S | 1       | lastcall.tool.look.url: no address
        look | /look        | {"type":"object"} | PT1S | 1       | lastcall.tool.look.url: no address
        look | http://t/    | {"type":"array"}  | PT1S | 1       | lastcall.tool.look.schema
        look | http://t/    | no JSON           | PT1S | 1       | lastcall.tool.look.schema
        look | http://t/    | {"type":"object"} | PT0S | 1       | lastcall.tool.look.timeout
        look | http://t/    | {"type":"object"} | PT1S | 0       | lastcall.tool.look.max-answer
        look | http://t/    | {"type":"object"} | PT1S | 2000000 | lastcall.tool.look.max-answer
        """)
    void whatDoesNotFitIsNamed(String name, String url, String schema, String timeout, long max, String message) {
        assertThatThrownBy(() -> declare(name, url, schema, timeout, max))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .hasMessageContaining("expected: ");
    }

    @Test
    void addressIsNotRepeatedBecauseOfThePasswordThatMayBeInIt() {
        assertThatThrownBy(() -> declare("look", "ftp://user:secret@t/", "{\"type\":\"object\"}", "PT1S", 1))
                .hasMessageNotContaining("secret");
    }

    private static Declaration declare(String name, String url, String schema, String timeout, long max) {
        return Declaration.of(
                name, new Declared(url, schema, Duration.parse(timeout), new MemorySize(BigInteger.valueOf(max))));
    }
}
