package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Trigger;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    @ParameterizedTest
    @ValueSource(strings = {"/drain/unknown", "/drain/pre-stop/more", "/drain/in-flight2"})
    void unknownPathBelowDrainNamesTheKnownOnes(String path) throws Exception {
        try (Port port = new Port()) {
            var response = port.send("GET", path);

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(Port.json(response).getString("detail"))
                    .isEqualTo("path: " + path
                            + " (expected: one of /drain, /drain/pre-stop, /drain/in-flight, /drain/timeline,"
                            + " /drain/history, /drain/peers, /drain/openapi.yaml)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /drain, 'GET, HEAD, POST, DELETE'",
        "OPTIONS, /drain, 'GET, HEAD, POST, DELETE'",
        "POST, /drain/pre-stop, 'GET, HEAD'",
        "OPTIONS, /drain/pre-stop, 'GET, HEAD'",
        "DELETE, /drain/in-flight, 'GET, HEAD'",
        "POST, /drain/timeline, 'GET, HEAD'",
        "POST, /, 'GET, HEAD'",
        "GET, /console/drain, POST",
        "HEAD, /console/drain, POST",
        "DELETE, /drain/history, 'GET, HEAD'",
        "POST, /q/metrics, 'GET, HEAD'",
        "DELETE, /q/health/live, 'GET, HEAD'",
        "TRACE, /q/health, 'GET, HEAD'"
    })
    void wrongMethodNamesTheAllowedOnes(String method, String path, String allowed) throws Exception {
        try (Port port = new Port()) {
            var response = port.send(method, path);

            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/drain",
                "/drain/in-flight",
                "/drain/timeline",
                "/drain/history",
                "/drain/peers",
                "/drain/openapi.yaml",
                "/",
                "/console/console.js"
            })
    void headIsAGetWithoutItsBody(String path) throws Exception {
        try (Port port = new Port()) {
            var response = port.send("HEAD", path);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).isPresent();
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /drain, Sec-Fetch-Site, cross-site, 403",
        "POST, /drain, Sec-Fetch-Site, same-site, 403",
        "POST, /drain, Sec-Fetch-Site, same-origin, 202",
        "POST, /drain, Sec-Fetch-Site, none, 202",
        "POST, /drain, Origin, http://evil.example, 403",
        "POST, /drain, Origin, null, 403",
        "POST, /drain, Origin, '::', 403",
        "POST, /drain, Origin, http://127.0.0.1:1, 403",
        "POST, /drain, Origin, http://127.0.0.1:{port}, 202",
        "DELETE, /drain, Sec-Fetch-Site, cross-site, 403",
        "DELETE, /drain, Origin, http://evil.example, 403",
        "DELETE, /drain, Origin, http://127.0.0.1:{port}, 200",
        "GET, /drain/pre-stop, Sec-Fetch-Site, cross-site, 403",
        "POST, /console/drain, Sec-Fetch-Site, cross-site, 403",
        "POST, /console/drain, Origin, null, 403",
        "POST, /console/undrain, Origin, http://evil.example, 403",
        "POST, /console/drain, Origin, http://127.0.0.1:{port}, 303",
        "GET, /drain, Sec-Fetch-Site, cross-site, 200"
    })
    void browserMayChangeTheDrainForOurOwnPagesOnly(String method, String path, String name, String value, int status)
            throws Exception {
        try (Port port = new Port()) {
            String header = value.replace("{port}", Integer.toString(port.number()));

            var response = port.send(method, path, name, header);

            assertThat(response.statusCode()).isEqualTo(status);
            if (status == 403) {
                assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:cross-site");
                assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /drain, 401, 200",
        "POST, /drain, 401, 202",
        "DELETE, /drain, 401, 200",
        "PUT, /drain, 401, 405",
        "GET, /drain/in-flight, 401, 200",
        "GET, /drain/unknown, 401, 404",
        "POST, /drain/pre-stop, 401, 405",
        "OPTIONS, /drain/pre-stop, 401, 405",
        "HEAD, /drain, 401, 200",
        "GET, /, 401, 200",
        "GET, /console/here, 401, 200",
        "GET, /console/console.js, 401, 200",
        "POST, /console/drain, 401, 303",
        "GET, /drain/history, 401, 200",
        "GET, /drain/peers, 401, 200",
        "GET, /drain/openapi.yaml, 401, 200",
        "GET, /q/other, 401, 404",
        "GET, /q/healthy, 401, 404",
        "GET, /q/health/../../drain, 401, 200",
        "GET, /q/health/%2e%2e/%2e%2e/drain, 401, 200",
        "GET, /q/health, 404, 404",
        "GET, /q/health/live, 404, 404",
        "GET, /q/metrics, 404, 404"
    })
    void tokenProtectsAllButHealthAndMetrics(String method, String path, int without, int with) throws Exception {
        try (Port port = new Port(Optional.of("s3cret"))) {
            var refused = port.send(method, path, "Authorization", "Bearer other");
            assertThat(port.send(method, path).statusCode()).isEqualTo(without);
            assertThat(refused.statusCode()).isEqualTo(without);
            assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
            if (without == 401) {
                assertThat(refused.headers().allValues("WWW-Authenticate"))
                        .containsExactly("Bearer realm=\"lastcall\"", "Basic realm=\"lastcall\", charset=\"UTF-8\"");
                assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
                assertThat(refused.body()).doesNotContain("s3cret");
            }

            assertThat(port.send(method, path, "Authorization", "Bearer s3cret").statusCode())
                    .isEqualTo(with);
        }
    }

    @Test
    void preStopNeedsNoToken() throws Exception {
        try (Port port = new Port(Optional.of("s3cret"))) {
            port.drain.trigger(Trigger.OPERATOR);
            port.time.advance(ofSeconds(10));

            assertThat(port.send("GET", "/drain/pre-stop").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void undecodableQueryIsABadRequest() throws Exception {
        try (Port port = new Port();
                var socket = port.get("/drain/in-flight?limit=%zz")) {
            byte[] head = socket.getInputStream().readNBytes(12);

            assertThat(new String(head, US_ASCII)).isEqualTo("HTTP/1.1 400");
        }
    }
}
