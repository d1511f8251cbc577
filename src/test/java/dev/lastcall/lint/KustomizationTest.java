package dev.lastcall.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of several objects with one name or label the one is meant that kustomize puts together with their user. */
class KustomizationTest {
    private static final String FITTING = "30s";
    private static final String LONG = "90s";

    @TempDir
    Path folder;

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String deployment(String configMap) {
        return Sample.SERVICE
                .with(
                        "env:\n            - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 30s}",
                        "envFrom: [{configMapRef: {name: " + configMap + "}}]")
                .replaceAll("(?m)^            - \\{name: LASTCALL.*\n", "");
    }

    private static String configMap(String grace) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {LASTCALL_DRAIN_GRACE_PERIOD: "
                + grace + "}\n";
    }

    private static String resources(String... files) {
        return "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: ["
                + String.join(", ", files) + "]\n";
    }

    @Test
    void twoFoldersOfOneKustomizationBelongTogether() throws IOException {
        write("pods/web.yaml", deployment("settings"));
        write("a/settings.yaml", configMap(LONG));
        write("b/settings.yaml", configMap(FITTING));
        assertThat(Linted.of(folder.toString()).out()).contains("[grace-mismatch]");
        write("b/kustomization.yaml", resources("settings.yaml", "../pods"));
        write("pods/kustomization.yaml", resources("web.yaml"));
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
    }

    @Test
    void fileThatTheKustomizationLeavesOutIsNotMeant() throws IOException {
        write("web.yaml", deployment("settings"));
        write("a-old.yaml", configMap(LONG));
        write("settings.yaml", configMap(FITTING));
        assertThat(Linted.of(folder.toString()).out()).contains("[grace-mismatch]");
        write("kustomization.yaml", resources("web.yaml", "settings.yaml"));
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
    }

    @Test
    void serviceOfAnotherKustomizationSelectsNothingHere() throws IOException {
        String hasty =
                Sample.FOREIGN.with("lifecycle: {preStop: {sleep: {seconds: 10}}}\n", "imagePullPolicy: Always\n");
        String[] parts = hasty.split("---\n", 2);
        write("one/pods/web.yaml", parts[0]);
        write("two/pods/web.yaml", Sample.FOREIGN.yaml().split("---\n", 2)[0]);
        write("net/service.yaml", parts[1]);
        write("two/kustomization.yaml", resources("pods/web.yaml", "../net"));
        write("net/kustomization.yaml", resources("service.yaml"));
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
        write("two/kustomization.yaml", resources("pods/web.yaml"));
        write("one/kustomization.yaml", resources("pods/web.yaml", "../net"));
        assertThat(Linted.of(folder.toString()).findings())
                .singleElement()
                .asString()
                .contains("one/pods/web.yaml", "[pre-stop-missing]");
    }

    @Test
    void generatedConfigMapIsReadWhereItIsWritten() throws IOException {
        write("web.yaml", deployment("settings"));
        write(
                "kustomization.yaml",
                resources("web.yaml")
                        + "configMapGenerator:\n  - name: settings\n    literals:\n      - LASTCALL_DRAIN_GRACE_PERIOD=90s\n");
        Linted linted = Linted.of(folder.toString());
        assertThat(linted.out()).contains("[grace-mismatch]");
        // The value stands in the kustomization, which no patch of an object changes.
        assertThat(Linted.of("--fix", folder.toString()).out()).doesNotContain("kind: ConfigMap");
    }

    @Test
    void generatedConfigMapOfAFileOfVariablesIsRead() throws IOException {
        write("web.yaml", deployment("settings"));
        write(
                "kustomization.yaml",
                resources("web.yaml") + "configMapGenerator: [{name: settings, envs: [app.env]}]\n");
        write("app.env", "# the drain\nLASTCALL_DRAIN_GRACE_PERIOD=30s\n");
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
        write("app.env", "LASTCALL_DRAIN_GRACE_PERIOD=\"90s\"\n");
        assertThat(Linted.of(folder.toString()).out()).contains("[grace-mismatch]");
    }

    @Test
    void kustomizationThatContainsItselfEnds() throws IOException {
        write("a/kustomization.yaml", resources("../b", "https://example.org/more"));
        write("b/kustomization.yaml", resources("../a"));
        write("a/web.yaml", Sample.FOREIGN.yaml());
        assertThat(Linted.of(folder.toString()).findings()).isEmpty();
    }
}
