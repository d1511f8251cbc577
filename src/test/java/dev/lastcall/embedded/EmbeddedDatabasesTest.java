package dev.lastcall.embedded;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EmbeddedDatabasesTest {

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    @Test
    void applicationUnderTestHasBothDatabases() {
        given().port(managementPort)
                .get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name.startsWith('Database') }.data.'<default>'", equalTo("UP"))
                .body("checks.find { it.name.startsWith('Redis') }.data.default", equalTo("PONG"));
    }
}
