package dev.lastcall;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import dev.lastcall.run.TestRuns;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packaged application starts without any external service, and takes the usual database settings. */
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
            get(pod.management("/q/health/ready")).then().statusCode(200);
            // It has written its lease.
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(TestRuns.one(databases.postgres(), "SELECT count(*) FROM pods"))
                            .isEqualTo("1"));
            databases.redis().kill();
            get(pod.management("/q/health/ready")).then().statusCode(200);
        }
    }

    @Test
    void carriesNoEmbeddedDatabase() throws Exception {
        Path application = Path.of(System.getProperty("lastcall.jar")).getParent();
        List<String> embedded = new ArrayList<>();
        try (Stream<Path> files = Files.walk(application)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.getFileName().toString().contains("embedded")) {
                    embedded.add(file.toString());
                }
                if (file.toString().endsWith(".jar")) {
                    embedded.addAll(entriesOfEmbedded(file));
                }
            }
        }
        assertThat(embedded).isEmpty();
    }

    private static List<String> entriesOfEmbedded(Path file) throws IOException {
        List<String> found = new ArrayList<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                boolean service = entry.getName().startsWith("META-INF/services/");
                String text = service
                        ? new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8)
                        : entry.getName();
                if (text.contains("dev.lastcall.embedded") || text.startsWith("dev/lastcall/embedded/")) {
                    found.add(file + "!" + entry.getName());
                }
            }
        }
        return found;
    }
}
