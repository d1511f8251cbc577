package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trace headers that go on, by W3C's rules. */
class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    @Test
    void allThreeGoOnUnchanged() {
        headers.add("TraceParent", PARENT)
                .add("tracestate", "rojo=00f067aa0ba902b7, congo=t61rcWkgMzE")
                .add("tracestate", "vendor@tenant=1")
                .add("baggage", "userId=alice;isProduction=false")
                .add("baggage", "region=%20eu");

        assertThat(TraceContext.of(headers))
                .isEqualTo(new JsonObject()
                        .put("traceparent", PARENT)
                        .put("tracestate", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,vendor@tenant=1")
                        .put("baggage", "userId=alice;isProduction=false,region=%20eu"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-011",
                "<script>"
            })
    void parentThatIsNoneTakesItsStateWithIt(String parent) {
        headers.add("traceparent", parent).add("tracestate", "a=1").add("baggage", "b=2");

        assertThat(TraceContext.of(headers)).isEqualTo(new JsonObject().put("baggage", "b=2"));
    }

    @Test
    void twoParentsAreNone() {
        headers.add("traceparent", PARENT).add("traceparent", PARENT);

        assertThat(TraceContext.of(headers)).isEmpty();
    }

    @Test
    void versionOfTheFutureMayHaveMore() {
        String parent = PARENT.replaceFirst("00", "cc") + "-what-the-future-will-be-like";
        headers.add("traceparent", parent);

        assertThat(TraceContext.of(headers).getString("traceparent")).isEqualTo(parent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-equals", "UPPER=1", "a=1,b", "a=\u00e9", "a="})
    void stateThatCannotBeReadIsLeftOut(String state) {
        headers.add("traceparent", PARENT).add("tracestate", state);

        assertThat(TraceContext.of(headers)).isEqualTo(new JsonObject().put("traceparent", PARENT));
    }

    @Test
    void listsAreBounded() {
        String state = IntStream.range(0, 33).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        String baggage = IntStream.range(0, 200).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        headers.add("traceparent", PARENT)
                .add("tracestate", state)
                .add("baggage", "long=" + "x".repeat(9000))
                .add("baggage", baggage);

        JsonObject context = TraceContext.of(headers);

        assertThat(context.containsKey("tracestate")).isFalse();
        assertThat(context.getString("baggage").split(",")).hasSize(64).startsWith("k0=v");
    }
}
