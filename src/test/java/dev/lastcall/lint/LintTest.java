package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.lint.check.Checks;
import dev.lastcall.lint.manifest.KubernetesVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command: reading files, its output, its exit codes. */
class LintTest {
    private static final Path DOCUMENT = Path.of("src", "docs", "lint.md");
    private static final String TOO_SHORT = SERVICE.with("Seconds: 30", "Seconds: 15");

    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void ownManifestsAreClean() {
        Linted linted = Linted.of("k8s/base", "k8s/components", "k8s/monitoring", "k8s/overlays");
        assertThat(linted.out()).contains("0 errors, 0 warnings in ");
        assertThat(linted.err()).isEmpty();
        assertThat(linted.exitCode()).isEqualTo(Lint.CLEAN);
        assertThat(linted.out())
                .contains(
                        Path.of("k8s/base/deployment.yaml") + ": Deployment/lastcall, ",
                        Path.of("k8s/overlays/agents/deployment.yaml") + ": skipped, a piece of a kustomization",
                        Path.of("k8s/base/kustomization.yaml") + " and 8 more: skipped, a kustomization");
    }

    @Test
    void findingHasFileAndLine() throws IOException {
        Path manifest = file("a/web.yaml", "# A word first.\n---\n" + TOO_SHORT);
        int line = Files.readAllLines(manifest).indexOf("      terminationGracePeriodSeconds: 15") + 1;
        assertThat(Linted.of(folder.toString()).findings())
                .singleElement()
                .asString()
                .startsWith(manifest + ":" + line + ": error: Deployment/web ");
    }

    @Test
    void documentsOfAFileAndItemsOfAListAreAllLinted() throws IOException {
        Path manifests = file("all.yaml", TOO_SHORT + "---\n---\n" + TOO_SHORT.replace("name: web", "name: shop"));
        Path list = file(
                "list.yaml",
                "apiVersion: v1\nkind: List\nitems:\n  - "
                        + document(TOO_SHORT).indent(4).strip() + "\n");
        Linted linted = Linted.of(manifests.toString(), list.toString());
        assertThat(linted.findings()).hasSize(3);
        assertThat(linted.findings().get(2)).contains(" spec.template.spec.terminationGracePeriodSeconds: ");
        assertThat(linted.exitCode()).isEqualTo(Lint.FINDINGS);
    }

    private static String document(String several) {
        return several.substring(0, several.indexOf("---\n"));
    }

    @Test
    void settingsComeFromAConfigMapAmongTheFiles() throws IOException {
        String manifest = SERVICE.with(
                        "env:\n            - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 30s}",
                        "envFrom: [{configMapRef: {name: numbers}}]")
                .replace("Seconds: 30", "Seconds: 40");
        Path web = file("web.yaml", manifest);
        assertThat(Linted.of(web.toString()).findings())
                .singleElement()
                .asString()
                .contains("cannot be seen")
                .endsWith("[grace-mismatch]");
        Path map = file("map.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: numbers}
                data: {LASTCALL_DRAIN_GRACE_PERIOD: 50s}
                """);
        assertThat(Linted.of(folder.toString()).findings())
                .singleElement()
                .asString()
                .startsWith(map + ":4: error: ConfigMap/numbers data.LASTCALL_DRAIN_GRACE_PERIOD: ");
    }

    @Test
    void anchorsAndMergeKeysAreFollowed() {
        String manifest = SERVICE.with(
                        "readinessProbe: {httpGet: {path: /q/health/ready, port: 9000}}",
                        "readinessProbe: &probe {httpGet: {path: /q/health/ready, port: 9000}}")
                .replace(
                        "livenessProbe: {httpGet: {path: /q/health/live, port: 9000}}",
                        "livenessProbe: {<<: *probe, periodSeconds: 10}");
        assertThat(Linted.withInput(manifest, "-").findings())
                .singleElement()
                .asString()
                .endsWith("[liveness-in-drain]");
    }

    @Test
    void piecesOfKustomizationsAreSkippedWithAWord() throws IOException {
        file("kustomization.yaml", "kind: Kustomization\nresources: [web.yaml]\npatches: [{path: patch.yaml}]\n");
        file("web.yaml", SERVICE.yaml());
        file("patch.yaml", TOO_SHORT);
        file("values.yaml", "a: 1\n");
        Linted linted = Linted.of(folder.toString());
        assertThat(linted.findings()).isEmpty();
        assertThat(linted.out())
                .contains(
                        "kustomization.yaml: skipped, a kustomization",
                        "patch.yaml: skipped, a piece of a kustomization",
                        "values.yaml: skipped, no manifest")
                .contains("0 errors, 0 warnings in 1 workload, 3 manifests");
    }

    @Test
    void warningsAloneExitWithZero() {
        Linted linted = Linted.withInput(SERVICE.with("enableServiceLinks: false", "hostNetwork: false"), "-");
        assertThat(linted.out()).contains("0 errors, 1 warning in 1 workload, 3 manifests");
        assertThat(linted.exitCode()).isEqualTo(Lint.CLEAN);
    }

    @Test
    void brokenYamlIsNamedWithItsLineAndTheRestIsLinted() throws IOException {
        Path broken = file("broken.yaml", "apiVersion: v1\n{{- if .Values.on }}\nkind: Pod\n{{- end }}\n");
        file("web.yaml", TOO_SHORT);
        Linted linted = Linted.of(folder.toString());
        assertThat(linted.err()).startsWith(broken + ":2: a template, render it first");
        assertThat(linted.findings()).hasSize(1);
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void binaryFileIsNoYaml() throws IOException {
        Path binary = folder.resolve("x.yaml");
        Files.write(binary, new byte[] {(byte) 0xff, 0, 1});
        assertThat(Linted.of(binary.toString()).exitCode()).isEqualTo(Lint.UNREADABLE);
        Files.write(binary, "a: \u0000".getBytes(StandardCharsets.UTF_8));
        Linted linted = Linted.of(binary.toString());
        assertThat(linted.err()).contains("expected: YAML");
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nowhere.yaml", "--grace=3", "--kubernetes=new", "--format=xml", "--fail-on=note", "--format"})
    void whatCannotBeLintedExitsWithTwo(String argument) {
        Linted linted = Linted.of(argument);
        assertThat(linted.err()).contains(argument, "expected: ");
        assertThat(linted.exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void nothingToLintExitsWithTwo() {
        assertThat(Linted.of().exitCode()).isEqualTo(Lint.UNREADABLE);
        assertThat(Linted.withInput("a: 1\n", "-").exitCode()).isEqualTo(Lint.CLEAN);
        assertThat(Linted.withInput("a: 1\n", "--fail-if-empty", "-").exitCode())
                .isEqualTo(Lint.UNREADABLE);
        assertThat(Linted.of("--help").exitCode()).isEqualTo(Lint.CLEAN);
    }

    @Test
    void timelineHasTheInstantsOfTheDefaults() {
        DrainSettings settings = DrainSettings.defaults();
        assertThat(Linted.withInput(SERVICE.yaml(), "-").out())
                .contains(
                        "T+" + settings.lameDuck().max().toSeconds() + "  lame-duck.max",
                        "T+22  what is left, 12 s",
                        "T+25  cancel-reserve 3 s; preStop answers",
                        "T+29  release-reserve 4 s; exit",
                        "!  T+30  terminationGracePeriodSeconds 30");
    }

    @Test
    void documentShowsWhatIsPrinted() throws IOException {
        String base = Files.readString(Path.of("k8s", "base", "deployment.yaml"));
        Linted linted = Linted.withInput(base.replace("Seconds: 30", "Seconds: 15"), "-");
        assertThat(linted.exitCode()).isEqualTo(Lint.FINDINGS);
        assertThat(Files.readString(DOCUMENT))
                .contains(linted.out().replace("stdin", "deployment.yaml").strip());
    }

    @Test
    void documentHasEveryRuleWithSourceAndExample() throws IOException {
        String document = Files.readString(DOCUMENT);
        assertThat(new Checks(KubernetesVersion.RECENT).rules()).allSatisfy(rule -> {
            int start = document.indexOf("### `" + rule + "`\n");
            assertThat(start).as(rule).isNotNegative();
            int end = document.indexOf("\n###", start + 1);
            assertThat(document.substring(start, end < 0 ? document.length() : end))
                    .contains(" Source: ", "```yaml\n# before\n", "\n# after\n");
        });
    }
}
