package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The output of lint: what is printed, for whom, and which exit code goes with it. */
class OutputTest {
    private static final String TOO_SHORT = SERVICE.with("Seconds: 30", "Seconds: 15");
    private static final String IDLE = FOREIGN.with("sleep: {seconds: 10}", "");

    @TempDir
    Path folder;

    @Test
    void failOnSaysWhatFails() {
        assertThat(Linted.withInput(IDLE, "-").exitCode()).isEqualTo(Lint.CLEAN);
        assertThat(Linted.withInput(IDLE, "--fail-on=warning", "-").exitCode()).isEqualTo(Lint.FINDINGS);
        assertThat(Linted.withInput(IDLE, "--fail-on", "warning", "-").exitCode())
                .isEqualTo(Lint.FINDINGS);
        assertThat(Linted.withInput(TOO_SHORT, "--fail-on=none", "-").exitCode())
                .isEqualTo(Lint.CLEAN);
        assertThat(Linted.withInput("{", "--fail-on=none", "-").exitCode()).isEqualTo(Lint.UNREADABLE);
    }

    @Test
    void summaryComesFirstAndTotalsLast() {
        Linted linted = Linted.withInput(TOO_SHORT, "-");
        assertThat(linted.out()).startsWith("summary: error grace-too-short\n");
        assertThat(linted.out()).endsWith("1 error, 0 warnings in 1 workload, 3 manifests\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "github"})
    void nameOfAnObjectIsNoCommandOfTheLog(String format) {
        String manifest = IDLE.replaceFirst(
                "metadata: \\{name: web\\}",
                "metadata: {name: \"x\\\\n::error::owned\\\\r\\\\u001b[31m\\\\u202e\\\\u2028##[error]\"}");
        Linted linted = Linted.withInput(manifest, "--format=" + format, "-");
        assertThat(linted.out()).contains("Deployment/x\\n::error::owned\\r\\u{1b}[31m\\u{202e}\\u{2028}##[error]");
        assertThat(linted.out().lines()).noneMatch(line -> line.startsWith("::error::") || line.startsWith("##["));
        assertThat(linted.out()).doesNotContain("\u001b", "\u202e", "\r");
    }

    @Test
    void nameOfAFileIsNoCommandOfTheLog() throws IOException {
        Path file = Files.writeString(folder.resolve("a,b:c%d.yaml"), IDLE);
        assertThat(Linted.of("--format=github", file.toString()).out())
                .contains("file=" + folder + "/a%2Cb%3Ac%25d.yaml,line=", "::warning ");
        assertThat(Escaped.file("::error::x.yaml")).isEqualTo("./::error::x.yaml");
        assertThat(Escaped.file("##[error]x.yaml")).isEqualTo("./##[error]x.yaml");
    }

    @Test
    void jsonIsOneObject() {
        JsonObject result =
                new JsonObject(Linted.withInput(TOO_SHORT, "--format=json", "-").out());
        assertThat(result.getJsonObject("summary").getInteger("errors")).isEqualTo(1);
        JsonObject finding = result.getJsonArray("findings").getJsonObject(0);
        assertThat(finding.getString("rule")).isEqualTo("grace-too-short");
        assertThat(finding.getString("severity")).isEqualTo("error");
        assertThat(finding.getString("file")).isEqualTo("stdin");
        assertThat(finding.getInteger("line")).isEqualTo(10);
        assertThat(finding.getBoolean("fixable")).isTrue();
        assertThat(new JsonObject(Linted.withInput("{", "--format=json", "-").out()).getJsonArray("problems"))
                .hasSize(1);
    }

    @Test
    void sarifNamesRulesAndPlaces() throws IOException {
        Path file = Files.writeString(folder.resolve("a b.yaml"), TOO_SHORT);
        JsonObject sarif =
                new JsonObject(Linted.of("--format=sarif", file.toString()).out());
        assertThat(sarif.getString("version")).isEqualTo("2.1.0");
        JsonObject run = sarif.getJsonArray("runs").getJsonObject(0);
        JsonObject result = run.getJsonArray("results").getJsonObject(0);
        assertThat(result.getString("ruleId")).isEqualTo("grace-too-short");
        assertThat(result.getString("level")).isEqualTo("error");
        JsonObject place = result.getJsonArray("locations").getJsonObject(0).getJsonObject("physicalLocation");
        assertThat(place.getJsonObject("artifactLocation").getString("uri")).endsWith("/a%20b.yaml");
        assertThat(place.getJsonObject("region").getInteger("startLine")).isEqualTo(10);
        assertThat(run.getJsonObject("tool")
                        .getJsonObject("driver")
                        .getJsonArray("rules")
                        .getJsonObject(0)
                        .getString("id"))
                .isEqualTo("grace-too-short");
    }

    @Test
    void oneCauseIsOneLineWithItsCount() {
        String manifest = SERVICE.with(
                "env:\n            - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 30s}",
                "envFrom: [{configMapRef: {name: numbers}}]");
        String map =
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: numbers}\ndata: {LASTCALL_DRAIN_GRACE_PERIOD: 60s}\n---\n";
        Linted linted = Linted.withInput(map + manifest + "---\n" + manifest.replace("web", "shop"), "-");
        assertThat(linted.findings()).singleElement().asString().contains(" (2 times) [grace-mismatch]");
        assertThat(linted.out()).contains("1 error, ");
    }

    @Test
    void whatIsNotLintedIsSaidAndCounted() {
        Linted linted = Linted.withInput("""
                apiVersion: kafka.strimzi.io/v1
                kind: Kafka
                metadata: {name: one}
                ---
                apiVersion: kafka.strimzi.io/v1
                kind: Kafka
                metadata: {name: two}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: patch}
                spec: {template: {spec: {containers: [{name: app, env: []}]}}}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: one}
                """, "-");
        assertThat(linted.out())
                .contains("stdin:1: not linted: Kafka/one and 1 more, ", "stdin:9: not linted: Deployment/patch, ")
                .endsWith("0 errors, 0 warnings; no workload in 4 manifests, 3 not linted\n");
    }

    @Test
    void annotationSparesTheObjectItIsOn() {
        String service = FOREIGN.with("  selector: {app: web}", "  sessionAffinity: ClientIP\n  selector: {app: web}");
        assertThat(Linted.withInput(service, "-").findings()).hasSize(1);
        assertThat(Linted.withInput(
                                service.replace(
                                        "kind: Service\nmetadata: {name: web}",
                                        "kind: Service\nmetadata: {name: web, annotations: {lastcall.dev/lint-ignore: session-affinity}}"),
                                "-")
                        .findings())
                .isEmpty();
    }

    @Test
    void rulesAreListed() {
        assertThat(Linted.of("--rules").out().lines())
                .contains("pre-stop-missing", "unknown-rule")
                .isSorted();
    }
}
