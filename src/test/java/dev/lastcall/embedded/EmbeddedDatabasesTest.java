package dev.lastcall.embedded;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EmbeddedDatabasesTest {

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    @Inject
    AgroalDataSource postgres;

    @Inject
    RedisDataSource redis;

    @Test
    void applicationUnderTestHasBothDatabases() throws SQLException {
        given().port(managementPort).get("/q/health/ready").then().statusCode(200);
        try (Connection connection = postgres.getConnection()) {
            assertThat(connection.isValid(60)).isTrue();
        }
        assertThat(redis.execute("PING").toString()).isEqualTo("PONG");
    }
}
