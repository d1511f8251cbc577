package dev.lastcall.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The token on the real management port, beside what the extensions put there. */
@QuarkusTest
@TestProfile(ProtectedPortTest.WithToken.class)
class ProtectedPortTest {
    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    public static final class WithToken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("lastcall.management.token", "s3cret");
        }
    }

    @ParameterizedTest
    @CsvSource({"/drain, 401", "/q/openapi, 401", "/q/health, 405", "/q/metrics, 405", "/drain/pre-stop, 401"})
    void preflightOfAnotherOriginIsRefused(String path, int status) {
        var response = given().port(managementPort)
                .header("Origin", "http://evil.example")
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization")
                .options(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().asList())
                .noneMatch(header -> header.getName().toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }

    @ParameterizedTest
    @CsvSource({
        "/q/health, 200, 200",
        "/q/health/live, 200, 200",
        "/q/health/ready, 200, 200",
        "/q/health/started, 200, 200",
        "/q/metrics, 200, 200",
        "/drain, 401, 200",
        "/drain/in-flight, 401, 200",
        "/q/health/../../drain, 401, 200",
        "/, 401, 200",
        "/console/console.css, 401, 200",
        "/drain/history, 401, 200",
        "/q/openapi, 401, 200",
        "/q, 401, 404",
        "/nothing, 401, 404"
    })
    void tokenProtectsAllButHealthAndMetrics(String path, int without, int with) {
        given().port(managementPort).urlEncodingEnabled(false).get(path).then().statusCode(without);
        given().port(managementPort)
                .urlEncodingEnabled(false)
                .auth()
                .preemptive()
                .basic("anyone", "s3cret")
                .get(path)
                .then()
                .statusCode(with);
    }
}
