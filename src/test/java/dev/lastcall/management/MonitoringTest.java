package dev.lastcall.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard and the alert rules ask for nothing that the service does not export. */
@QuarkusTest
class MonitoringTest {
    private static final Path FOLDER = Path.of("k8s", "monitoring");

    /** The labels that scraping adds. */
    private static final Set<String> ADDED = Set.of("namespace", "pod", "job", "instance", "container", "node");

    @ConfigProperty(name = "quarkus.management.test-port")
    int managementPort;

    @Test
    void dashboardAsksForWhatIsExported() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
        List<String> expressions = new ArrayList<>(dashboard.findValuesAsText("expr"));
        dashboard.at("/templating/list").forEach(variable -> {
            if (variable.get("type").asText().equals("query")) {
                String query = variable.get("query").asText();
                expressions.add(query.replaceAll("^label_values\\((.*), (\\w+)\\)$", "sum by ($2) ($1)"));
            }
        });

        assertThat(expressions).hasSizeGreaterThan(10);
        assertThat(unknownIn(expressions)).isEmpty();
    }

    @Test
    void alertsAskForWhatIsExported() throws IOException {
        JsonNode rules = new YAMLMapper().readTree(FOLDER.resolve("alerts.yaml").toFile());
        List<String> expressions = rules.findValuesAsText("expr");

        assertThat(expressions).hasSizeGreaterThan(3);
        assertThat(unknownIn(expressions)).isEmpty();
        for (JsonNode rule : rules.at("/groups/0/rules")) {
            assertThat(rule.at("/annotations/summary").asText())
                    .as(rule.get("alert").asText())
                    .isNotEmpty();
            assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sum(rate(lastcall_requests_cut_total[5m])) ;",
                "sum(rate(lastcall_requests_cuts_total[5m])) ; lastcall_requests_cuts_total",
                "lastcall_drain_state{state=\"asleep\"} ; lastcall_drain_state{state=asleep}",
                "lastcall_drain_state{mood=\"serving\"} ; lastcall_drain_state{mood}",
                "sum by (mood) (lastcall_in_flight) ; mood",
                "lastcall_in_flight{class=~\"unary|steam\"} ; lastcall_in_flight{class=steam}"
            })
    void unknownNameIsFound(String expression, String unknown) {
        assertThat(unknownIn(List.of(expression))).isEqualTo(unknown == null ? List.of() : List.of(unknown));
    }

    private List<String> unknownIn(List<String> expressions) {
        Map<String, Map<String, Set<String>>> exported = new HashMap<>(
                Scrape.parse(given().port(managementPort).get("/q/metrics").asString()));
        // Of every target; of what supervises a program.
        exported.put("up", Map.of());
        // Of what is terminated.
        exported.put("lastcall_drain_deadline_remaining_seconds", Map.of());
        exported.put("lastcall_process_up", Map.of("name", Set.of()));
        return expressions.stream()
                .flatMap(expression -> PromQl.unknownIn(expression, exported, ADDED).stream())
                .distinct()
                .toList();
    }
}
