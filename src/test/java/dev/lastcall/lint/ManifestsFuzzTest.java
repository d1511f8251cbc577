package dev.lastcall.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import io.vertx.core.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Manifests: each is answered with one of three exit codes, in words without control characters and JSON that is JSON, in bounded length. */
class ManifestsFuzzTest {
    private static final List<String> OPTIONS =
            List.of("--format=text", "--format=json", "--format=sarif", "--format=github", "--fix");

    @DictionaryEntries({
        "apiVersion: apps/v1\\x0akind: Deployment\\x0a",
        "kind: List\\x0aitems:\\x0a- ",
        "spec: {template: {spec: {terminationGracePeriodSeconds: 30, containers: [{name: a, image: lastcall}]}}}",
        "lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}",
        "lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: 9000}}}",
        "env: [{name: LASTCALL_DRAIN_GRACE_PERIOD, value: 60s}]",
        "readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}",
        "rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}",
        "&a ",
        "*a",
        "<<: *a",
        "---\\x0a",
        "{{ .Values.a }}"
    })
    @FuzzTest
    void manifestIsAnswered(byte[] input) {
        Patience.within(input, () -> {
            lint(input, OPTIONS.get(Math.floorMod(Arrays.hashCode(input), OPTIONS.size())));
            return "";
        });
    }

    private static void lint(byte[] input, String option) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = Lint.run(
                List.of(option, "-"),
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isBetween(Lint.CLEAN, Lint.UNREADABLE);
        String words = out.toString(StandardCharsets.UTF_8);
        assertThat(words.codePoints()).allMatch(each -> each == '\n' || !Character.isISOControl(each));
        assertThat(err.toString(StandardCharsets.UTF_8).codePoints())
                .allMatch(each -> each == '\n' || !Character.isISOControl(each));
        assertThat(words.length() + err.size()).isLessThan(100_000 + 1_000 * input.length);
        if (option.endsWith("json") || option.endsWith("sarif")) {
            assertThat(Json.decodeValue(words)).isNotNull();
        }
    }
}
