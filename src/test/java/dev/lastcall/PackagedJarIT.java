package dev.lastcall;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the packaged application needs from outside: nothing; what it takes: the usual database settings. */
class PackagedJarIT {

    @Test
    void isReadyWithoutAnyDatabase() {
        try (Pod pod = Pod.start(Map.of())) {
            get(pod.management("/q/health/ready"))
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("UP"))
                    .body("checks.status", everyItem(equalTo("UP")));
            pod.signal("TERM");
            assertThat(pod.exitCode(Duration.ofSeconds(30))).isIn(0, 143);
        }
    }

    @Test
    void usesTheDatabasesItIsGiven() {
        try (Databases databases = Databases.start();
                Pod pod = Pod.start(databases.settings())) {
            get(pod.management("/q/health/ready"))
                    .then()
                    .statusCode(200)
                    .body("checks.find { it.name.startsWith('Database') }.data.'<default>'", equalTo("UP"));
            databases.redis().kill();
            get(pod.management("/q/health/ready")).then().statusCode(200);
        }
    }

    @Test
    void carriesNoEmbeddedDatabase() throws Exception {
        try (var libraries =
                Files.list(Path.of(System.getProperty("lastcall.jar")).resolveSibling("lib/main"))) {
            assertThat(libraries.map(library -> library.getFileName().toString()))
                    .isNotEmpty()
                    .noneMatch(name -> name.contains("embedded"));
        }
    }
}
