package dev.lastcall.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.lastcall.drain.Drain;
import dev.lastcall.testing.ApiDocument;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port in the whole application. Each test undoes its drain: they share it. */
@QuarkusTest
class ManagementPortTest {
    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    @Inject
    Drain drain;

    @AfterEach
    void serveAgain() {
        drain.undrain();
        drain.expirePreStop();
        assertThat(drain.ready()).isTrue();
    }

    @Test
    void drainIsNotReadyAndAlive() {
        management()
                .get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'drain' }.data.state", equalTo("serving"));

        management().post("/drain").then().statusCode(202);

        management()
                .get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.find { it.name == 'drain' }.status", equalTo("DOWN"))
                .body("checks.find { it.name == 'drain' }.data.state", equalTo("lame-duck"));
        management().get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        management().get("/q/health/started").then().statusCode(200).body("status", equalTo("UP"));

        management().delete("/drain").then().statusCode(200);

        management().get("/q/health/ready").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /drain",
        "POST, /drain",
        "DELETE, /drain",
        "GET, /drain/pre-stop",
        "GET, /drain/in-flight",
        "GET, /drain/timeline",
        "GET, /drain/unknown",
        "GET, /drain/history",
        "GET, /drain/peers",
        "GET, /drain/openapi.yaml",
        "GET, /",
        "GET, /console/here",
        "GET, /console/console.js",
        "POST, /console/drain",
        "GET, /q/openapi",
        "GET, /q/health/ready",
        "GET, /q/metrics"
    })
    void mainPortHasNoneOfIt(String method, String path) {
        given().request(method, path).then().statusCode(404);

        assertThat(drain.view().triggers()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lastcall_drain_state{state=\"serving\"} 1.0",
                "lastcall_drain_state{state=\"lame-duck\"} 0.0",
                "lastcall_in_flight{class=\"unary\"} ",
                "lastcall_in_flight{class=\"stream\"} ",
                "lastcall_in_flight{class=\"websocket\"} ",
                "lastcall_requests_rejected_total ",
                "lastcall_requests_served_total ",
                "lastcall_requests_left_total ",
                "lastcall_requests_cut_total{class=\"unary\"} ",
                "lastcall_drain_seconds_count{stage=\"lame-duck\"} ",
                "lastcall_drain_seconds_sum{stage=\"draining\"} ",
                "lastcall_drain_seconds_count{stage=\"cancelling\"} ",
                "lastcall_drain_seconds_count{stage=\"drained\"} "
            })
    void metricIsScrapedUnderItsName(String start) {
        String[] lines = management().get("/q/metrics").asString().split("\n");

        assertThat(Arrays.asList(lines)).anyMatch(line -> line.startsWith(start));
    }

    @ParameterizedTest
    @CsvSource({
        "/q/openapi, */*, application/yaml",
        "/q/openapi, application/json, application/json",
        "/q/openapi?format=json, */*, application/json",
        "/q/openapi.json, */*, application/json",
        "/q/openapi.yaml, */*, application/yaml",
        "/q/openapi.yml, */*, application/yaml"
    })
    void clientsDocumentComesInTheFormThatIsAskedFor(String path, String accepted, String type) throws Exception {
        String told = management()
                .accept(accepted)
                .get(path)
                .then()
                .statusCode(200)
                .header("Content-Type", type + ";charset=UTF-8")
                .extract()
                .asString();

        // Each JSON document is YAML.
        assertThat(ApiDocument.parse(told))
                .isEqualTo(ApiDocument.read(ApiDocument.CLIENTS).json());
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /q/metrics",
        "PUT, /q/metrics",
        "DELETE, /q/metrics",
        "POST, /q/health/live",
        "DELETE, /q/health",
        "POST, /q/openapi"
    })
    void whatIsForReadingRefusesOtherVerbs(String method, String path) {
        management().request(method, path).then().statusCode(405).header("Allow", "GET, HEAD");
        management().head(path).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/drain", "/drain/pre-stop", "/q/health", "/q/metrics", "/"})
    void pageOfAnotherOriginIsAllowedNothing(String path) {
        var response = management()
                .header("Origin", "http://evil.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization, x-lastcall-pre-stop")
                .options(path);

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().asList())
                .noneMatch(header -> header.getName().toLowerCase(Locale.ROOT).startsWith("access-control-"));
        assertThat(management()
                        .header("Origin", "http://evil.example")
                        .get("/q/metrics")
                        .header("Access-Control-Allow-Origin"))
                .isNull();
    }

    @Test
    void imageOfAPageDrainsNothing() {
        management()
                .header("Accept", "image/avif,image/webp,*/*;q=0.8")
                .header("User-Agent", "Mozilla/5.0")
                .get("/drain/pre-stop")
                .then()
                .statusCode(403);

        assertThat(drain.view().triggers()).isEmpty();
    }

    @Test
    void otherOriginsMayNotReadTheDrain() {
        var response = management().header("Origin", "http://evil.example").get("/drain");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void bodyIsIgnoredUpToItsLimit() {
        management().body("x".repeat(1000)).delete("/drain").then().statusCode(200);
        management().body("x".repeat(65 * 1024)).delete("/drain").then().statusCode(413);
    }

    private RequestSpecification management() {
        return given().port(managementPort);
    }
}
