package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.jboss.logmanager.LogContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelsTest {
    private static final String BEARER = "Bearer s3cret";

    private final Port port = new Port(Optional.of("s3cret"));
    private final String category = "dev.lastcall.test." + System.nanoTime();

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void levelIsChangedAtOnceAndGivenBack() throws Exception {
        var changed = put("{\"category\": \"" + category + "\", \"level\": \"debug\"}");

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(Port.json(changed).getJsonArray("changed"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("category", category)
                                .put("level", "DEBUG")
                                .putNull("configured")));
        assertThat(LogContext.getLogContext().getLogger(category + ".below").isLoggable(java.util.logging.Level.FINE))
                .isTrue();

        put("{\"category\": \"" + category + "\", \"level\": null}");
        assertThat(LogContext.getLogContext().getLogger(category).getLevel()).isNull();
        assertThat(Port.json(port.send("GET", "/log-level", "Authorization", BEARER))
                        .getJsonArray("changed"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"level\": \"LOUD\"}",
                "{\"level\": 7}",
                "{\"category\": \"a\"}",
                "{\"category\": \"a b\", \"level\": \"INFO\"}",
                "{\"category\": \"\", \"level\": \"INFO\"}",
                "{\"category\": \"a..b\", \"level\": \"INFO\"}",
                "{\"category\": \"a\\n\", \"level\": \"INFO\"}",
                "{\"category\": \"a\", \"level\": \"INFO\", \"for\": \"1m\"}",
                "LONG"
            })
    void bodyThatIsNoneOfOursIsRefused(String body) throws Exception {
        var response =
                put(body.equals("LONG") ? "{\"category\": \"" + "x".repeat(201) + "\", \"level\": \"INFO\"}" : body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Port.json(response).getString("detail")).contains("expected");
    }

    @Test
    void changesAreBounded() throws Exception {
        for (int i = 0; i < 64; i++) {
            assertThat(put("{\"category\": \"" + category + i + "\", \"level\": \"INFO\"}")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(put("{\"category\": \"one.more\", \"level\": \"INFO\"}").statusCode())
                .isEqualTo(409);
        for (int i = 0; i < 64; i++) {
            put("{\"category\": \"" + category + i + "\", \"level\": null}");
        }
    }

    @Test
    void withoutATokenNobodyChangesALevel() throws Exception {
        assertThat(port.sendBody("PUT", "/log-level", "{\"level\": \"OFF\"}").statusCode())
                .isEqualTo(401);
        try (Port open = new Port()) {
            var response = open.sendBody("PUT", "/log-level", "{\"level\": \"OFF\"}");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(Port.json(response).getString("next")).contains("lastcall.management.token");
        }
    }

    private java.net.http.HttpResponse<String> put(String body) throws Exception {
        return port.sendBody("PUT", "/log-level", body, "Authorization", BEARER);
    }
}
