package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pod's budget is one number. kustomize copies {@code terminationGracePeriodSeconds} into the container's environment; what the
 * file says there counts for those who apply it without kustomize, and is the same.
 */
class OneBudgetTest {
    private static final String GRACE = "LASTCALL_DRAIN_GRACE_PERIOD";

    @ParameterizedTest
    @CsvSource({
        "base, lastcall, containers, 30",
        "overlays/agents, lastcall, containers, 60",
        "overlays/sidecar, app, initContainers, 45",
        "overlays/sidecar-classic, app, containers, 45"
    })
    void kustomizeCopiesThePodsGracePeriodIntoTheSetting(String folder, String name, String containers, int seconds)
            throws IOException {
        Path place = Path.of("k8s").resolve(folder);
        JsonNode replacements =
                Kustomized.document(place.resolve("kustomization.yaml")).get("replacements");
        assertThat(replacements).hasSize(1);
        JsonNode source = replacements.at("/0/source");
        assertThat(source.get("kind").asText()).isEqualTo("Deployment");
        assertThat(source.get("name").asText()).isEqualTo(name);
        assertThat(source.get("fieldPath").asText()).isEqualTo("spec.template.spec.terminationGracePeriodSeconds");
        JsonNode targets = replacements.at("/0/targets");
        assertThat(targets).hasSize(1);
        assertThat(targets.at("/0/select/name").asText()).isEqualTo(name);
        assertThat(targets.at("/0/fieldPaths")).hasSize(1);
        assertThat(targets.at("/0/fieldPaths/0").asText())
                .isEqualTo("spec.template.spec." + containers + ".[name=lastcall].env.[name=" + GRACE + "].value");
        JsonNode pod = Kustomized.document(place.resolve("deployment.yaml")).at("/spec/template/spec");
        assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource({"base, containers", "overlays/sidecar, initContainers", "overlays/sidecar-classic, containers"})
    void fileSaysTheSameWithoutKustomize(String folder, String containers) throws IOException {
        Path file = Path.of("k8s").resolve(folder).resolve("deployment.yaml");
        JsonNode pod = Kustomized.document(file).at("/spec/template/spec");
        assertThat(grace(pod.get(containers)))
                .singleElement()
                .asString()
                .isEqualTo(pod.get("terminationGracePeriodSeconds").asText());
    }

    @Test
    void patchOfTheAgentsOverlayLeavesTheSettingToKustomize() throws IOException {
        JsonNode patch = Kustomized.document(Path.of("k8s", "overlays", "agents", "deployment.yaml"));
        assertThat(grace(patch.at("/spec/template/spec/containers"))).isEmpty();
    }

    private static Stream<String> grace(JsonNode containers) {
        return java.util.stream.StreamSupport.stream(containers.spliterator(), false)
                .flatMap(each ->
                        java.util.stream.StreamSupport.stream(each.path("env").spliterator(), false))
                .filter(each -> each.get("name").asText().equals(GRACE))
                .map(each -> each.get("value").asText());
    }
}
