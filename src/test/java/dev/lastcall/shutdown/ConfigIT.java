package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.Application;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Wrong settings stop the packaged jar's start with one message. */
class ConfigIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Values of no type stop SmallRye Config itself, others our own check, one what a room makes of it: all are told in one form. */
    @Test
    void whatIsWrongIsToldAtOnceInOneForm() {
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("lastcall.drain.grace-period", "abc"),
                Map.entry("lastcall.drain.readiness", "blue"),
                Map.entry("lastcall.drain.profile", "f5"),
                Map.entry("lastcall.drain.exit-margin", "-5s"),
                Map.entry("lastcall.run.max-turns", "0"),
                Map.entry("lastcall.api.keys", "secret-42"),
                Map.entry("lastcall.api.max-body", "99T"),
                Map.entry("lastcall.proxy.upstream", ""),
                Map.entry("lastcall.tool.look-up.idempotent", "maybe"),
                Map.entry("lastcall.drain.grace-perid", "3s"));
        try (Pod pod = Pod.launch(wrong)) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(1);
            assertThat(pod.lines())
                    .contains(
                            "lastcall cannot start:",
                            "lastcall.drain.grace-period: abc (expected: a duration from 1ms to 365d, such as 30s,"
                                    + " 500ms or PT30S); mend it, or leave it out for 30s",
                            "lastcall.drain.readiness: blue (expected: one of flip, keep); mend it, or leave it out"
                                    + " for flip",
                            "lastcall.drain.profile: f5 (expected: one of kube-proxy, nginx, envoy, alb, gclb, azure, nlb);"
                                    + " mend it, or leave it out",
                            "lastcall.drain.exit-margin: -5s (expected: a duration from 0s to 365d, such as 30s, 500ms"
                                    + " or PT30S); mend it, or leave it out for 1s",
                            "lastcall.run.max-turns: 0 (expected: an integer from 1 to 1000000); mend it, or leave it"
                                    + " out for 16",
                            "lastcall.tool.look-up.idempotent: maybe (expected: true or false); mend it, or leave it"
                                    + " out for false",
                            "lastcall.tool.look-up.url: (nothing) (expected: a value)",
                            "lastcall.drain.grace-perid: 3s (expected: a known key; did you mean"
                                    + " lastcall.drain.grace-period?)")
                    .anyMatch(line -> line.startsWith("lastcall.api.keys: (not shown) (expected: tenant:key"))
                    .anyMatch(line -> line.startsWith("lastcall.api.max-body: 99T (expected: a size from 1 to 1G"))
                    .anyMatch(line -> line.startsWith("lastcall.proxy.upstream: (nothing) (expected: http://host:port"))
                    .noneMatch(line -> line.contains("secret-42"))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void valuesOutOfTheirRangeAndSecretsThatAreEmptyDoNotStart() {
        Map<String, String> environment = Map.of(
                "LASTCALL_API_KEYS", "",
                "LASTCALL_MANAGEMENT_TOKEN", "",
                "LASTCALL_API_KEEP_ALIVE", "0s",
                "LASTCALL_CONFIG", "{lastcall: {run: {max-tokens: -1}, telemetry: {endpoint: nonsense}}}");
        List<String> lines = linesOf(environment, 1);
        assertThat(lines)
                .hasSize(6)
                .startsWith("lastcall cannot start:")
                .anyMatch(line -> line.startsWith("lastcall.api.keys: (nothing) (expected: "))
                .anyMatch(line -> line.startsWith("lastcall.management.token: (nothing) (expected: "))
                .anyMatch(line -> line.startsWith("lastcall.api.keep-alive: 0s (expected: a duration from 100ms "))
                .anyMatch(line -> line.startsWith("lastcall.run.max-tokens: -1 (expected: an integer from 1 "))
                .anyMatch(line -> line.startsWith("lastcall.telemetry.endpoint: nonsense (expected: an http"));
    }

    @Test
    void sumThatDoesNotFitIsToldWithItsArithmetic() {
        try (Pod pod = Pod.launch(Map.of("lastcall.drain.grace-period", "5s"))) {
            assertThat(pod.exitCode(LIMIT)).isEqualTo(1);
            assertThat(pod.lines())
                    .containsExactly(
                            "lastcall cannot start:",
                            "lastcall.drain.grace-period: 5s (expected: > lame-duck.max + cancel-reserve +"
                                    + " release-reserve + exit-margin = 10s + 3s + 4s + 1s = 18s); raise it, or lower"
                                    + " one of the others");
        }
    }

    @Test
    void commandTellsWhatIsInForceAndWhatIsWrongWithoutAStart() {
        Map<String, String> environment = Map.of(
                "LASTCALL_API_KEYS", "tenant:secret-42",
                "LASTCALL_DRAIN_GRACE_PERIOD", "60s",
                "LASTCALL_TOOL_LOOK_UP_URL", "http://user:secret-42@tools/",
                "LASTCALL_CONFIG", "{lastcall: {process: {web: {env: {DB_PASSWORD: secret-42}, command: sleep 1}}}}");
        assertThat(linesOf(environment, 0, "config"))
                .contains(
                        "lastcall.api.keys = (not shown) (environment)",
                        "lastcall.drain.grace-period = 60s (environment)",
                        "lastcall.drain.lame-duck.min = 2s (default)",
                        "lastcall.process.web.command = sleep 1 (LASTCALL_CONFIG)",
                        "lastcall.process.web.env.DB_PASSWORD = (not shown) (LASTCALL_CONFIG)",
                        "lastcall.tool.look_up.url = http://user:***@tools/ (environment)")
                .noneMatch(line -> line.contains("secret-42"));
        assertThat(linesOf(environment, 0, "config", "--check")).containsExactly("the configuration is accepted");
        assertThat(linesOf(Map.of("LASTCALL_HTTP_HEAD_TIMEOUT", "5 parsecs"), 1, "config", "--check"))
                .containsExactly(
                        "lastcall.http.head-timeout: 5 parsecs (expected: a duration from 1ms to 365d, such as 30s,"
                                + " 500ms or PT30S); mend it, or leave it out for 30s");
        assertThat(linesOf(
                        Map.of(
                                "LASTCALL_DRAIN_GRACE_PERIOD", "5",
                                "LASTCALL_RUN_MAX_TOKENS", "-3",
                                "LASTCALL_PROCESS_WEB_APP_COMAND", "sleep 1"),
                        1,
                        "config",
                        "--check"))
                .contains(
                        "warning: LASTCALL_PROCESS_WEB_APP_COMAND in the environment is no key of ours and is ignored")
                .anyMatch(line -> line.startsWith("lastcall.run.max-tokens: -3 (expected: "))
                .anyMatch(line -> line.startsWith("lastcall.drain.grace-period: 5s (expected: > ")
                        && line.endsWith("= 18s); raise it, or lower one of the others"));
    }

    private static List<String> linesOf(Map<String, String> environment, int code, String... arguments) {
        List<String> options = List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0");
        Command command = Application.command(options, List.of(arguments)).with(environment);
        try (ChildProcess process = ChildProcess.start(command)) {
            assertThat(process.exitCode(LIMIT))
                    .as(() -> String.join("\n", process.lines()))
                    .isEqualTo(code);
            return process.lines();
        }
    }

    @Test
    void portInUseIsSaidWithoutAStackTrace() {
        try (Pod first = Pod.start(Map.of());
                Pod second = Pod.launch(Map.of("quarkus.http.port", Integer.toString(first.httpPort())))) {
            assertThat(second.exitCode(LIMIT)).isEqualTo(1);
            assertThat(second.lines())
                    .anyMatch(line -> line.startsWith("quarkus.http.port: " + first.httpPort() + " (expected: a port "))
                    .noneMatch(line -> line.startsWith("\tat "));
        }
    }
}
