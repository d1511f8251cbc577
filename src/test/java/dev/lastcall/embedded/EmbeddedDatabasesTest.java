package dev.lastcall.embedded;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EmbeddedDatabasesTest {

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    @Inject
    RedisDataSource redis;

    @Test
    void applicationUnderTestHasBothDatabases() {
        given().port(managementPort)
                .get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name.startsWith('Database') }.data.'<default>'", equalTo("UP"));
        assertThat(redis.execute("PING").toString()).isEqualTo("PONG");
    }
}
