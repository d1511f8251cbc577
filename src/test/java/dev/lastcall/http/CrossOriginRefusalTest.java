package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Drain;
import dev.lastcall.testing.Futures;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrossOriginRefusalTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Futures.await(vertx.close());
    }

    private String refusalTo(String origin, Map<String, String> settings) throws Exception {
        CrossOriginRefusal refusal = new CrossOriginRefusal(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
        HttpServer server = Futures.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    refusal.allow(request);
                    request.response().setStatusCode(503).end();
                })
                .listen(0, "localhost"));
        try (RawClient client = new RawClient(server.actualPort())) {
            return client.send("POST /v1/responses HTTP/1.1", "Host: a", "Origin: " + origin, "Content-Length: 0", "")
                    .readAnswer()
                    .toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Test
    void everyPageMayReadARefusalWhereNothingIsConfigured() throws Exception {
        assertThat(refusalTo("https://app.example", Map.of()))
                .contains("access-control-allow-origin: https://app.example\r\n")
                .contains("access-control-allow-credentials: true\r\n")
                .contains("access-control-expose-headers: retry-after, retry-after-ms\r\n")
                .contains("vary: origin\r\n");
    }

    @Test
    void quarkusOwnRulesHoldForRefusalsToo() throws Exception {
        Map<String, String> rules = Map.of(
                "quarkus.http.cors.enabled", "true",
                "quarkus.http.cors.origins", "https://app.example,/https://.*\\.test/",
                "quarkus.http.cors.exposed-headers", "x-run-id",
                "quarkus.http.cors.access-control-allow-credentials", "false");
        for (String origin : new String[] {"https://app.example", "https://a.test"}) {
            assertThat(refusalTo(origin, rules))
                    .contains("access-control-allow-origin: " + origin + "\r\n")
                    .contains("access-control-expose-headers: x-run-id, retry-after, retry-after-ms\r\n")
                    .doesNotContain("allow-credentials");
        }
        assertThat(refusalTo("https://evil.example", rules)).doesNotContain("access-control");
    }

    @Test
    void gateSaysItWithEachRefusalAndWithNothingElse() throws Exception {
        try (GatedServer server = new GatedServer(context -> context.end("hello"));
                RawClient served = new RawClient(server.port());
                RawClient refused = new RawClient(server.port())) {
            String[] request = {"GET /hello HTTP/1.1", "Host: a", "Origin: https://app.example", ""};
            assertThat(served.send(request).readAnswer())
                    .contains("200 OK")
                    .doesNotContainIgnoringCase("access-control");
            Drain drain = server.drain;
            refused.write("G");
            server.enterDraining();
            assertThat(drain.ready()).isFalse();
            assertThat(refused.write("ET /hello HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n\r\n")
                            .readAnswer())
                    .contains(" 503 ")
                    .containsIgnoringCase("access-control-allow-origin: https://app.example\r\n")
                    .containsIgnoringCase("access-control-expose-headers: Retry-After, retry-after-ms\r\n");
        }
    }
}
