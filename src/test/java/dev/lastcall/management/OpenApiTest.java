package dev.lastcall.management;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Trigger;
import dev.lastcall.testing.ApiDocument;
import io.vertx.ext.web.Route;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's document, which is kept by hand, against the real routes and answers. */
class OpenApiTest {
    private static final List<String> METHODS = List.of("get", "post", "delete", "put", "patch");

    @Test
    void documentHasThePathsThatAreServedAndNoOther() throws Exception {
        try (Port port = new Port()) {
            Set<String> served = port.router.getRoutes().stream()
                    .map(Route::getPath)
                    // The console's own parts are nobody else's business; the others are for what is not served, and
                    // for probes.
                    .filter(path -> path != null
                            && !path.startsWith("/console/")
                            && !Set.of("/drain/", "/q/", "/q/health/").contains(path))
                    .collect(toSet());
            Set<String> documented = new TreeSet<>();
            document(port).get("paths").fieldNames().forEachRemaining(documented::add);

            assertThat(documented).isEqualTo(new TreeSet<>(served));
        }
    }

    @Test
    void documentHasTheMethodsThatAreAnsweredAndNoOther() throws Exception {
        try (Port port = new Port()) {
            JsonNode paths = document(port).get("paths");
            for (var path : paths.properties()) {
                for (String method : METHODS) {
                    boolean documented = path.getValue().has(method);
                    // These two answer when the drain goes on, or for ever.
                    if (!documented
                            || !Set.of("/drain/pre-stop", "/drain/timeline").contains(path.getKey())) {
                        int status = port.send(method.toUpperCase(Locale.ROOT), path.getKey())
                                .statusCode();
                        assertThat(status == 405)
                                .as(method + " " + path.getKey())
                                .isEqualTo(!documented);
                        assertThat(!documented
                                        || path.getValue()
                                                .at("/" + method + "/responses")
                                                .has(Integer.toString(status)))
                                .as("%s %s answers %d", method, path.getKey(), status)
                                .isTrue();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/drain", "/drain/in-flight", "/drain/history", "/drain/peers", "/info"})
    void answerFitsItsSchema(String path) throws Exception {
        try (Port port = new Port()) {
            ApiDocument schema = new ApiDocument(document(port));
            JsonNode promised = schema.schema(path, "200");
            port.admit("/stream", EntryClass.STREAM);
            assertThat(schema.violations(promised, body(port, path))).isEmpty();

            port.drain.trigger(Trigger.OPERATOR);
            port.time.advance(Duration.ofSeconds(1));
            port.drain.undrain();
            port.drain.trigger(Trigger.SIGTERM);
            port.time.advance(Duration.ofSeconds(12));

            assertThat(schema.violations(promised, body(port, path))).isEmpty();
        }
    }

    @Test
    void problemFitsItsSchema() throws Exception {
        try (Port port = new Port()) {
            ApiDocument schema = new ApiDocument(document(port));
            JsonNode problem = body(port, "/drain/in-flight?limit=0");

            assertThat(schema.violations(schema.named("Problem"), problem)).isEmpty();
        }
    }

    @Test
    void schemaIsNotAlwaysSatisfied() throws Exception {
        try (Port port = new Port()) {
            ApiDocument schema = new ApiDocument(document(port));
            JsonNode wrong = new ObjectMapper().readTree("{\"state\": \"asleep\", \"ready\": 1, \"more\": null}");

            assertThat(schema.violations(schema.named("Drain"), wrong))
                    .anyMatch(found -> found.startsWith("$.state: "))
                    .anyMatch(found -> found.startsWith("$.ready: "))
                    .anyMatch(found -> found.contains("'more'"))
                    .anyMatch(found -> found.contains("'triggers'"));
        }
    }

    private static JsonNode document(Port port) throws Exception {
        return ApiDocument.parse(port.send("GET", "/drain/openapi.yaml").body());
    }

    private static JsonNode body(Port port, String path) throws Exception {
        return new ObjectMapper().readTree(port.send("GET", path).body());
    }
}
