package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.config.Mappings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelationsTest {
    /** With the mappings' defaults, as the running configuration has them. */
    private static List<String> warnings(String... pairs) {
        Map<String, String> set = new HashMap<>(Map.of(
                "quarkus.http.limits.max-body-size", "100M",
                "quarkus.http.idle-timeout", "2H"));
        for (int i = 0; i < pairs.length; i += 2) {
            set.put(pairs[i], pairs[i + 1]);
        }
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(set, "test", 300));
        Mappings.all().forEach(builder::withMapping);
        return Relations.of(builder.build());
    }

    @Test
    void defaultsFitEachOther() {
        assertThat(warnings()).isEmpty();
    }

    @Test
    void limitsBelowWhatNeedsThemAreTold() {
        assertThat(warnings(
                        "lastcall.model.openai.base-url", "http://127.0.0.1/v1",
                        "lastcall.model.openai.max-connections", "10",
                        "lastcall.api.max-body", "200M",
                        "lastcall.agent.max-input", "16M",
                        "quarkus.http.limits.max-body-size", "90M",
                        "lastcall.run.max-duration", "3h"))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith("lastcall.model.openai.max-connections: 10 (expected: at least"
                                        + " lastcall.run.max-owned = 500"),
                        line -> assertThat(line)
                                .startsWith("lastcall.api.max-body: 200M (expected: at most"
                                        + " quarkus.http.limits.max-body-size = 90M"),
                        line -> assertThat(line)
                                .startsWith("lastcall.agent.max-input: 16M (expected: at most a sixth of"),
                        line -> assertThat(line)
                                .startsWith(
                                        "quarkus.http.idle-timeout: 2H (expected: at least lastcall.run.max-duration ="
                                                + " 3h"));
    }

    @Test
    void portOfTheOtherSeatIsTold() {
        assertThat(warnings("lastcall.proxy.upstream", "http://127.0.0.1:8000", "quarkus.http.port", "15080"))
                .singleElement()
                .isEqualTo("quarkus.http.port = 15080 has no effect with lastcall.proxy.upstream: clients come to"
                        + " lastcall.proxy.listen = 0.0.0.0:8080");
        assertThat(warnings(
                        "lastcall.proxy.upstream", "http://127.0.0.1:8000",
                        "lastcall.proxy.listen", "127.0.0.1:15080",
                        "quarkus.http.port", "15080"))
                .isEmpty();
    }

    @Test
    void timesBeyondTheGracePeriodAreTold() {
        assertThat(warnings(
                        "lastcall.drain.stream-patience", "40s",
                        "lastcall.process.app.command", "x",
                        "lastcall.process.app.stop-timeout", "1m"))
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).startsWith("lastcall.drain.stream-patience: 40s (expected: at most"),
                        line -> assertThat(line)
                                .startsWith("lastcall.process.app.stop-timeout: 1m (expected: at most"));
    }

    @Test
    void keysOfASeatThatIsNotTakenAreTold() {
        assertThat(warnings("lastcall.proxy.health-path", "/x", "lastcall.model.openai.retries", "2"))
                .containsExactlyInAnyOrder(
                        "lastcall.proxy.health-path has no effect without lastcall.proxy.upstream",
                        "lastcall.model.openai.retries has no effect without lastcall.model.openai.base-url");
    }

    @Test
    void defaultsBeyondAShortGracePeriodAreTold() {
        assertThat(warnings(
                        "lastcall.drain.grace-period", "9s",
                        "lastcall.process.app.command", "x"))
                .containsExactly(
                        "lastcall.process.app.stop-timeout: 10s (expected: at most lastcall.drain.grace-period = 9s;"
                                + " the deadline comes before it is over)");
    }

    @Test
    void portsThatAreAlikeAreTold() {
        assertThat(warnings("quarkus.http.port", "9000", "quarkus.management.port", "9000"))
                .containsExactly("quarkus.http.port: 9000 (expected: another port than quarkus.management.port = 9000;"
                        + " one of them cannot listen)");
        assertThat(warnings(
                        "quarkus.http.port", "9000",
                        "quarkus.management.port", "9000",
                        "lastcall.proxy.upstream", "http://127.0.0.1:1",
                        "lastcall.proxy.listen", "0.0.0.0:7000",
                        "lastcall.line-server.port", "7000"))
                .containsExactlyInAnyOrder(
                        "lastcall.line-server.port: 7000 (expected: another port than lastcall.proxy.listen ="
                                + " 0.0.0.0:7000; one of them cannot listen)",
                        "quarkus.http.port = 9000 has no effect with lastcall.proxy.upstream: clients come to"
                                + " lastcall.proxy.listen = 0.0.0.0:7000");
        assertThat(warnings("quarkus.http.port", "0", "quarkus.management.port", "0"))
                .isEmpty();
    }

    @Test
    void keysWithoutWhatTheyBelongToAreTold() {
        assertThat(warnings(
                        "lastcall.proxy.upstream", "http://127.0.0.1:1",
                        "lastcall.api.max-body", "1M",
                        "lastcall.line-server.max-line", "1K",
                        "lastcall.management.token", "secret",
                        "lastcall.management.hosts", "pod",
                        "lastcall.process.app.command", "x",
                        "lastcall.process.app.second-signal-after", "1s",
                        "lastcall.process.app.max-restarts", "3"))
                .containsExactlyInAnyOrder(
                        "lastcall.api.max-body has no effect with lastcall.proxy.upstream",
                        "lastcall.line-server.max-line has no effect without lastcall.line-server.port",
                        "lastcall.management.hosts has no effect with lastcall.management.token",
                        "lastcall.process.app.second-signal-after has no effect without lastcall.process.app.second-signal",
                        "lastcall.process.app.max-restarts has no effect without lastcall.process.app.restart");
    }
}
