package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.CLASSIC;
import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.NATIVE;
import static dev.lastcall.lint.Sample.SERVICE;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One manifest for each finding: spoilt in one place, it has that finding there and no other. */
class ChecksTest {
    private static final String POD = "spec.template.spec.";
    private static final String FIRST = POD + "containers[0].";

    private static final String PRE_STOP = "httpGet: {path: /drain/pre-stop, port: 9000}";

    static Stream<Arguments> spoilt() {
        return Stream.of(
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("Seconds: 30", "Seconds: 15")),
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("Seconds: 30", "Seconds: 18")),
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("value: 30s", "value: 10s")),
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with(
                                "- {name: LASTCALL_D",
                                "- {name: LASTCALL_DRAIN_LAME_DUCK_MAX, value: 25s}\n            - {name: LASTCALL_D")),
                error("grace-mismatch", FIRST + "env[0].value", SERVICE.with("value: 30s", "value: PT60S")),
                error(
                        "grace-mismatch",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("GRACE_PERIOD, value: 30s", "EXIT_MARGIN, value: 1s")
                                .replace("Seconds: 30", "Seconds: 20")),
                warning("grace-mismatch", FIRST + "env[0].value", SERVICE.with("Seconds: 30", "Seconds: 60")),
                error(
                        "grace-mismatch",
                        POD + "initContainers[0].env[0].value",
                        NATIVE.with("grace-period=45s", "grace-period=50s")),
                error("duration-unreadable", FIRST + "env[0].value", SERVICE.with("value: 30s", "value: 30 seconds")),
                warning(
                        "pre-stop-missing",
                        FIRST + "lifecycle.preStop",
                        SERVICE.with("lifecycle: {preStop: {" + PRE_STOP + "}}", "lifecycle: {}")),
                warning(
                        "pre-stop-missing",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("lifecycle: {preStop: {httpGet: {path: /quit, port: web}}}", "lifecycle: {}")),
                error(
                        "pre-stop-missing",
                        POD + "containers[1].lifecycle.preStop",
                        CLASSIC.with(
                                "lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: management}}}",
                                "tty: false")),
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.port",
                        SERVICE.with("pre-stop, port: 9000", "pre-stop, port: 8080")),
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.port",
                        SERVICE.with("pre-stop, port: 9000", "pre-stop, port: http")),
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.path",
                        SERVICE.with("/drain/pre-stop", "/pre-stop")),
                // The name is the other container's: a kubelet does not look there.
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.port",
                        CLASSIC.with("pre-stop, port: 9000", "pre-stop, port: management")),
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.scheme",
                        SERVICE.with("pre-stop, port: 9000", "pre-stop, port: 9000, scheme: HTTPS")),
                error(
                        "shell-pre-stop",
                        FIRST + "lifecycle.preStop.exec",
                        SERVICE.with(PRE_STOP, "exec: {command: [curl, localhost]}")),
                error(
                        "shell-pre-stop",
                        FIRST + "lifecycle.preStop.exec",
                        FOREIGN.with("httpGet: {path: /quit, port: web}", "exec: {command: [/bin/sh, -c, ./quit]}")
                                .replace("image: app:1", "image: gcr.io/distroless/java21")),
                warning(
                        "sleep-pre-stop",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("httpGet: {path: /quit, port: web}", "exec: {command: [sh, -c, sleep 10]}")),
                error(
                        "sleep-pre-stop",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("httpGet: {path: /quit, port: web}", "exec: {command: [sleep, \"30\"]}")),
                error("sleep-pre-stop", FIRST + "lifecycle.preStop", CLASSIC.with(PRE_STOP, "sleep: {seconds: 5}")),
                error(
                        "sidecar-unasked",
                        FIRST + "lifecycle.preStop",
                        CLASSIC.with("lifecycle: {preStop: {" + PRE_STOP + "}}", "tty: false")),
                error(
                        "sidecar-unasked",
                        FIRST + "lifecycle.preStop",
                        NATIVE.with("lifecycle: {preStop: {" + PRE_STOP + "}}", "tty: false")),
                warning("sidecar-reserve", POD + "containers[1].env[2].value", CLASSIC.with("value: 10s", "value: 4s")),
                error(
                        "sidecar-never-ends",
                        POD + "initContainers[0].restartPolicy",
                        NATIVE.with("restartPolicy: Always", "tty: false")),
                error(
                        "sidecar-start-deadlock",
                        POD + "initContainers[0].startupProbe.httpGet.path",
                        NATIVE.with("/q/health/started", "/q/health/ready")),
                error(
                        "liveness-in-drain",
                        FIRST + "livenessProbe.httpGet.path",
                        SERVICE.with("/q/health/live", "/q/health/ready")),
                error(
                        "liveness-in-drain",
                        FIRST + "livenessProbe.httpGet.path",
                        SERVICE.with("/q/health/live", "/q/health")),
                warning("liveness-in-drain", FIRST + "livenessProbe.httpGet.path", FOREIGN.with("/alive", "/ready")),
                error(
                        "liveness-in-drain",
                        FIRST + "livenessProbe.httpGet.port",
                        CLASSIC.with("/alive, port: 8000", "/alive, port: 8080")),
                error(
                        "hasty-liveness",
                        FIRST + "livenessProbe.terminationGracePeriodSeconds",
                        SERVICE.with("livenessProbe: {", "livenessProbe: {terminationGracePeriodSeconds: 5, ")),
                warning(
                        "hasty-liveness",
                        FIRST + "livenessProbe",
                        SERVICE.with("livenessProbe: {", "livenessProbe: {periodSeconds: 3, failureThreshold: 1, ")),
                error("readiness-missing", FIRST + "readinessProbe", SERVICE.with("readinessProbe", "startupProbe")),
                warning(
                        "hasty-readiness",
                        FIRST + "readinessProbe.failureThreshold",
                        FOREIGN.with("readinessProbe: {", "readinessProbe: {failureThreshold: 1, ")),
                warning("readiness-missing", FIRST + "readinessProbe", FOREIGN.with("readinessProbe", "startupProbe")),
                error(
                        "shell-as-first-process",
                        FIRST + "command",
                        SERVICE.with("env:", "command: [sh, -c, java -jar app.jar]\n          env:")),
                warning(
                        "shell-as-first-process",
                        FIRST + "command",
                        FOREIGN.with("[\"/app\", \"serve\"]", "[/bin/bash, -ec, \"migrate && /app serve\"]")),
                warning(
                        "pods-unavailable",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        FOREIGN.with("maxUnavailable: 0", "maxUnavailable: 1")),
                warning(
                        "pods-unavailable",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        FOREIGN.with("maxUnavailable: 0", "maxUnavailable: 50%")),
                error(
                        "none-available",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        SERVICE.with("replicas: 2", "replicas: 1")
                                .replace("maxUnavailable: 0, maxSurge: 1", "maxUnavailable: 1, maxSurge: 0")),
                error(
                        "none-available",
                        "spec.strategy.type",
                        SERVICE.with("rollingUpdate: {maxUnavailable: 0, maxSurge: 1}", "type: Recreate")),
                error(
                        "management-exposed",
                        "spec.ports[0].targetPort",
                        SERVICE.with("targetPort: http", "targetPort: management")),
                error(
                        "management-exposed",
                        "spec.ports[0].targetPort",
                        SERVICE.with("targetPort: http", "targetPort: 9000")),
                error(
                        "management-exposed",
                        "spec.ports[0].port",
                        SERVICE.with("port: 80, targetPort: http", "port: 9000")),
                error(
                        "management-exposed",
                        FIRST + "ports[1].hostPort",
                        SERVICE.with("containerPort: 9000", "containerPort: 9000, hostPort: 9000")),
                warning(
                        "service-links",
                        POD + "enableServiceLinks",
                        SERVICE.with("enableServiceLinks: false", "enableServiceLinks: true")),
                warning(
                        "service-links",
                        POD + "enableServiceLinks",
                        SERVICE.with("enableServiceLinks: false", "hostNetwork: false")),
                warning(
                        "lease-outlasts-grace",
                        FIRST + "env[0].value",
                        SERVICE.with("env:", "env:\n            - {name: LASTCALL_RUN_LEASE, value: 1m}")));
    }

    private static Arguments error(String rule, String path, String manifest) {
        return arguments(rule, "error", path, manifest);
    }

    private static Arguments warning(String rule, String path, String manifest) {
        return arguments(rule, "warning", path, manifest);
    }

    @ParameterizedTest(name = "{0} at {2}")
    @MethodSource("spoilt")
    void oneSpoiltPlaceIsOneFinding(String rule, String severity, String path, String manifest) {
        Linted linted = Linted.withInput(manifest, "-");
        // A sleep by exec in a Lastcall pod, and the like, may be two traps at once; here none is.
        assertThat(linted.findings())
                .singleElement()
                .asString()
                .startsWith("stdin:")
                .contains(": " + severity + ": ", " " + path + ": ")
                .endsWith(" [" + rule + "]");
        assertThat(linted.exitCode()).isEqualTo(severity.equals("error") ? Lint.ERRORS : Lint.CLEAN);
    }

    @ParameterizedTest
    @EnumSource
    void soundManifestIsClean(Sample sample) {
        Linted linted = Linted.withInput(sample.yaml(), "-");
        assertThat(linted.findings()).isEmpty();
        assertThat(linted.exitCode()).isEqualTo(Lint.CLEAN);
    }

    static Stream<String> sound() {
        return Stream.of(
                FOREIGN.with("[\"/app\", \"serve\"]", "[sh, -c, \"migrate; exec /app serve\"]"),
                FOREIGN.with("[\"/app\", \"serve\"]", "[sh, /start.sh]"),
                FOREIGN.with("replicas: 4", "replicas: 2").replace("maxUnavailable: 0", "maxUnavailable: 25%"),
                SERVICE.with("value: 30s", "value: \"30\""),
                SERVICE.with("value: 30s", "value: 30000ms"),
                SERVICE.with("kind: Deployment", "kind: Job").replace("Seconds: 30", "Seconds: 1"),
                // What the JVM's options say counts more than the environment.
                SERVICE.with(
                        "value: 30s}",
                        "value: 60s}\n            - {name: JAVA_TOOL_OPTIONS, value: -Dlastcall.drain.grace-period=30s}"),
                SERVICE.with(
                                "metadata: {name: web}",
                                "metadata: {name: web, annotations: {lastcall.dev/lint-ignore: \"service-links, grace-too-short\"}}")
                        .replace("Seconds: 30", "Seconds: 5")
                        .replace("enableServiceLinks: false", "hostNetwork: false"));
    }

    @ParameterizedTest
    @MethodSource("sound")
    void whatOnlyLooksLikeATrapIsNone(String manifest) {
        assertThat(Linted.withInput(manifest, "-").findings()).isEmpty();
    }

    @Test
    void nativeSidecarIsAnErrorWhereTheClusterHasNone() {
        assertThat(Linted.withInput(NATIVE.yaml(), "--kubernetes=1.29", "-").findings())
                .isEmpty();
        assertThat(Linted.withInput(NATIVE.yaml(), "--kubernetes=v1.28.3", "-").findings())
                .singleElement()
                .asString()
                .contains("initContainers[0].restartPolicy", "1.28")
                .endsWith(" [sidecar-unsupported]");
    }

    @Test
    void everyCheckIsInTheTable() {
        var tried = spoilt().map(each -> (String) each.get()[0]).collect(toSet());
        tried.add("sidecar-unsupported");
        assertThat(new Checks(KubernetesVersion.RECENT).rules()).containsExactlyInAnyOrderElementsOf(tried);
    }

    @Test
    void arithmeticIsInTheMessage() {
        assertThat(Linted.withInput(SERVICE.with("Seconds: 30", "Seconds: 15"), "-")
                        .findings())
                .singleElement()
                .asString()
                .contains("the kubelet kills after 15 s")
                .contains("lame-duck.max 10 s + cancel-reserve 3 s + release-reserve 4 s + exit-margin 1 s = 18 s");
    }
}
