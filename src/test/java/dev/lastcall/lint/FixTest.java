package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.NATIVE;
import static dev.lastcall.lint.Sample.SERVICE;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The patch that {@code --fix} prints: laid over the manifest, it leaves nothing that has one answer. */
class FixTest {
    /** The rules that have several answers: which one is right only the manifest's author knows. */
    private static final Set<String> WITHOUT_ANSWER = Set.of(
            "duration-unreadable",
            "profile-unknown",
            "sidecar-unsupported",
            "field-unsupported",
            "shell-as-first-process",
            "single-replica",
            "eviction-unbounded",
            "local-traffic",
            "session-affinity",
            "service-elsewhere",
            "watch-without-rights");

    static Stream<Arguments> spoilt() {
        return ChecksTest.spoilt();
    }

    @ParameterizedTest(name = "{0} at {2}")
    @MethodSource("spoilt")
    void patchedManifestIsClean(String rule, String severity, String path, String manifest) {
        Linted linted = Linted.withInput(manifest, "--fix", "-");
        boolean fixable = new JsonObject(
                        Linted.withInput(manifest, "--format=json", "-").out())
                .getJsonArray("findings")
                .getJsonObject(0)
                .getBoolean("fixable");
        assertThat(linted.err()).contains(" [" + rule + "]");
        if (!fixable) {
            assertThat(linted.out()).isEmpty();
            return;
        }
        assertThat(linted.out()).startsWith("---\n# stdin\napiVersion: ");
        Linted again = Linted.withInput(Patched.of(manifest, linted.out()), "--fail-on=warning", "-");
        assertThat(again.findings()).as(linted.out()).allMatch(line -> line.endsWith(" [single-replica]"));
        assertThat(again.exitCode()).isEqualTo(Lint.CLEAN);
    }

    @Test
    void everyOtherRuleHasAFixSomewhere() {
        Set<String> fixed = new HashSet<>();
        spoilt().forEach(each -> {
            if (!Linted.withInput((String) each.get()[3], "--fix", "-").out().isEmpty()) {
                fixed.add((String) each.get()[0]);
            }
        });
        Set<String> rules = spoilt().map(each -> (String) each.get()[0]).collect(toSet());
        rules.removeAll(WITHOUT_ANSWER);
        assertThat(fixed).containsExactlyInAnyOrderElementsOf(rules);
    }

    /** The application's reserve is raised, which makes the budget too short, which is raised then. */
    @Test
    void oneMendThatNeedsAnotherGetsIt() {
        String manifest = NATIVE.with("RELEASE_RESERVE, value: 10s", "CANCEL_RESERVE, value: 3s")
                .replace("Seconds: 45", "Seconds: 22")
                .replace("grace-period=45s", "exit=1")
                .replace(
                        "        - {name: LASTCALL_PROXY",
                        "        - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 22s}\n            - {name: LASTCALL_PROXY");
        Linted linted = Linted.withInput(manifest, "--fix", "-");
        assertThat(linted.out())
                .contains("terminationGracePeriodSeconds: 30", "name: LASTCALL_DRAIN_RELEASE_RESERVE")
                .doesNotContain("image:");
        assertThat(Linted.withInput(Patched.of(manifest, linted.out()), "-").findings())
                .isEmpty();
    }

    @Test
    void patchHoldsNothingButTheChange() {
        String manifest = SERVICE.with("/q/health/live", "/q/health");
        assertThat(Linted.withInput(manifest, "--fix", "-").out()).isEqualTo("""
                ---
                # stdin
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                spec:
                  template:
                    spec:
                      containers:
                      - name: lastcall
                        livenessProbe:
                          httpGet:
                            path: /q/health/live
                """);
    }

    /** kustomize knows the names of elements for Kubernetes' own kinds alone. */
    @Test
    void listsOfForeignKindsAreWrittenWhole() {
        String manifest = FOREIGN.with("sleep: {seconds: 10}", "tcpSocket: {port: web}")
                .replace("kind: Deployment", "kind: Rollout")
                .replace("apps/v1", "argoproj.io/v1alpha1")
                .replace(
                        "strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
                        "strategy: {canary: {maxSurge: 1, maxUnavailable: 0}}");
        assertThat(Linted.withInput(manifest, "--fix", "-").out())
                .contains("image: app:1", "seconds: 10", "path: /ready")
                .doesNotContain("strategy", "tcpSocket");
    }

    @Test
    void cleanManifestHasNoPatch() {
        for (Sample sample : List.of(Sample.values())) {
            assertThat(Linted.withInput(sample.yaml(), "--fix", "-").out()).isEmpty();
        }
    }
}
