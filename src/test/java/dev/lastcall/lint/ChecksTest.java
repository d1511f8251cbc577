package dev.lastcall.lint;

import static dev.lastcall.lint.Sample.CLASSIC;
import static dev.lastcall.lint.Sample.FOREIGN;
import static dev.lastcall.lint.Sample.NATIVE;
import static dev.lastcall.lint.Sample.SERVICE;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lastcall.lint.check.Checks;
import dev.lastcall.lint.manifest.KubernetesVersion;
import java.util.List;
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

    private static final String HEADER = ", httpHeaders: [{name: X-Lastcall-Pre-Stop, value: \"1\"}]";
    private static final String PRE_STOP = "httpGet: {path: /drain/pre-stop, port: 9000" + HEADER + "}";

    private static final String ACCOUNT = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web}\n";

    /** The service, with the watch and another field of its pods. */
    private static String watched(String field) {
        return SERVICE.with(
                        "- {name: LASTCALL_D",
                        "- {name: LASTCALL_KUBERNETES_WATCH, value: \"true\"}\n            - {name: LASTCALL_D")
                .replace("enableServiceLinks: false", "enableServiceLinks: false\n      " + field);
    }

    /** A sidecar with TLS, and what its readiness probe does. */
    private static String behindTls(String probe) {
        return CLASSIC.with(
                        "- {name: LASTCALL_PROXY_UPSTREAM",
                        "- {name: LASTCALL_PROXY_TLS, value: edge}\n            - {name: LASTCALL_PROXY_UPSTREAM")
                .replace(
                        "readinessProbe: {httpGet: {path: /q/health/ready, port: 9000}}",
                        "readinessProbe: {" + probe + "}");
    }

    @Test
    void probeThatSpeaksTlsWhereThereIsTlsIsSound() {
        String sound = behindTls("httpGet: {path: /ready, port: http, scheme: HTTPS}");
        assertThat(Linted.withInput(sound, "-").findings()).isEmpty();
    }

    private static String rights(String account, String verbs) {
        return """
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: watch}
                rules: [{apiGroups: [""], resources: [pods], verbs: [%s]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: watch}
                roleRef: {kind: Role, name: watch}
                subjects: [{kind: ServiceAccount, name: %s}]
                """.formatted(verbs, account);
    }

    @Test
    void watchWithItsTokenAndItsRightsIsSound() {
        for (String sound : List.of(
                watched("automountServiceAccountToken: true"),
                watched("serviceAccountName: web"),
                watched("serviceAccountName: web\n      automountServiceAccountToken: true") + ACCOUNT
                        + "automountServiceAccountToken: false\n" + rights("web", "list, watch"),
                watched(
                        "automountServiceAccountToken: false\n      volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}]"),
                watched("serviceAccountName: web") + ACCOUNT + rights("web", "\"*\""))) {
            assertThat(Linted.withInput(sound, "-").findings()).as(sound).isEmpty();
        }
    }

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
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("GRACE_PERIOD, value: 30s", "PROFILE, value: nlb")),
                error(
                        "grace-mismatch",
                        POD + "terminationGracePeriodSeconds",
                        SERVICE.with("GRACE_PERIOD, value: 30s", "PROFILE, value: alb")
                                .replace("Seconds: 30", "Seconds: 40")),
                error(
                        "profile-unknown",
                        FIRST + "env[0].value",
                        SERVICE.with("GRACE_PERIOD, value: 30s", "PROFILE, value: f5")),
                error("duration-unreadable", FIRST + "env[0].value", SERVICE.with("value: 30s", "value: 30 seconds")),
                warning(
                        "pre-stop-missing",
                        FIRST + "lifecycle.preStop",
                        SERVICE.with("lifecycle: {preStop: {" + PRE_STOP + "}}", "lifecycle: {}")),
                warning(
                        "pre-stop-missing",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("lifecycle: {preStop: {sleep: {seconds: 10}}}", "lifecycle: {}")),
                error(
                        "pre-stop-missing",
                        POD + "containers[1].lifecycle.preStop",
                        CLASSIC.with(
                                "lifecycle: {preStop: {" + PRE_STOP.replace("9000", "management") + "}}",
                                "tty: false")),
                warning("pre-stop-header", FIRST + "lifecycle.preStop.httpGet.httpHeaders", SERVICE.with(HEADER, "")),
                warning("pre-stop-header", FIRST + "lifecycle.preStop.httpGet.httpHeaders", NATIVE.with(HEADER, "")),
                warning(
                        "pre-stop-header",
                        FIRST + "lifecycle.preStop.httpGet.httpHeaders",
                        SERVICE.with("X-Lastcall-Pre-Stop", "X-Other")),
                error(
                        "pre-stop-header",
                        FIRST + "lifecycle.preStop.httpGet.httpHeaders",
                        SERVICE.with(HEADER, "")
                                .replace(
                                        "- {name: LASTCALL_D",
                                        "- {name: LASTCALL_MANAGEMENT_PRE_STOP_HEADER, value: required}\n            - {name: LASTCALL_D")),
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
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [/bin/sh, -c, ./quit]}")
                                .replace("image: app:1", "image: gcr.io/distroless/java21")),
                warning("sleep-pre-stop", FIRST + "lifecycle.preStop", FOREIGN.with("seconds: 10", "seconds: 29")),
                warning(
                        "sleep-pre-stop",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sh, -c, sleep 0.5m]}")
                                .replace(
                                        "      containers:",
                                        "      terminationGracePeriodSeconds: 31\n      containers:")),
                error(
                        "sleep-pre-stop",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sleep, \"30\"]}")),
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
                warning(
                        "liveness-in-drain",
                        FIRST + "livenessProbe",
                        FOREIGN.with(
                                "livenessProbe: {httpGet: {path: /alive",
                                "livenessProbe: {periodSeconds: 5, httpGet: {path: /ready/")),
                error(
                        "liveness-in-drain",
                        FIRST + "livenessProbe.httpGet.port",
                        CLASSIC.with("/alive, port: 8000", "/alive, port: 8080")),
                warning(
                        "hasty-liveness",
                        FIRST + "livenessProbe",
                        SERVICE.with("livenessProbe: {", "livenessProbe: {periodSeconds: 3, failureThreshold: 1, ")),
                error(
                        "readiness-missing",
                        FIRST + "readinessProbe",
                        SERVICE.with("readinessProbe: {", "startupProbe: {failureThreshold: 30, ")),
                warning(
                        "hasty-readiness",
                        FIRST + "readinessProbe.failureThreshold",
                        FOREIGN.with("readinessProbe: {", "readinessProbe: {failureThreshold: 1, ")),
                warning(
                        "readiness-missing",
                        FIRST + "readinessProbe",
                        FOREIGN.with("readinessProbe: {", "startupProbe: {failureThreshold: 30, ")),
                error(
                        "shell-as-first-process",
                        FIRST + "command",
                        SERVICE.with("env:", "command: [sh, -c, java -jar app.jar]\n          env:")),
                warning(
                        "shell-as-first-process",
                        FIRST + "command",
                        FOREIGN.with("[\"/app\", \"serve\"]", "[/bin/bash, -ec, \"/app serve | tee log\"]")),
                warning(
                        "pods-unavailable",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        FOREIGN.with("maxUnavailable: 0", "maxUnavailable: 2")),
                warning(
                        "pods-unavailable",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        FOREIGN.with("maxUnavailable: 0", "maxUnavailable: 50%")),
                error(
                        "none-available",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        SERVICE.with("replicas: 2", "replicas: 1")
                                .replace("maxUnavailable: 0, maxSurge: 1", "maxUnavailable: 1, maxSurge: 0")),
                warning(
                        "none-available",
                        "spec.strategy.type",
                        SERVICE.with("rollingUpdate: {maxUnavailable: 0, maxSurge: 1}", "type: Recreate")),
                error(
                        "service-elsewhere",
                        "spec.ports[0].targetPort",
                        SERVICE.with(
                                "- {name: LASTCALL_D",
                                "- {name: QUARKUS_HTTP_PORT, value: '8081'}\n            - {name: LASTCALL_D")),
                // In the sidecar's seat it is another key that says where clients come in.
                error(
                        "service-elsewhere",
                        "spec.ports[0].targetPort",
                        SERVICE.with(
                                        "- {name: LASTCALL_D",
                                        String.join(
                                                "\n            ",
                                                "- {name: LASTCALL_PROXY_UPSTREAM, value: 'http://127.0.0.1:8000'}",
                                                "- {name: QUARKUS_HTTP_PORT, value: '15080'}",
                                                "- {name: LASTCALL_DRAIN_RELEASE_RESERVE, value: 10s}",
                                                "- {name: LASTCALL_D"))
                                .replace("containerPort: 8080", "containerPort: 15080")),
                error(
                        "probe-scheme",
                        FIRST + "readinessProbe.httpGet.scheme",
                        SERVICE.with("ready, port: 9000", "ready, port: 9000, scheme: HTTPS")),
                error(
                        "probe-scheme",
                        POD + "containers[1].readinessProbe.httpGet.port",
                        behindTls("httpGet: {path: /ready, port: http}")),
                error("probe-scheme", POD + "containers[1].readinessProbe.grpc.port", behindTls("grpc: {port: 8080}")),
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
                        "watch-without-token",
                        POD + "automountServiceAccountToken",
                        watched("automountServiceAccountToken: false")),
                warning(
                        "watch-without-token",
                        POD + "automountServiceAccountToken",
                        watched("serviceAccountName: web") + ACCOUNT + "automountServiceAccountToken: false\n"
                                + rights("web", "list, watch")),
                warning("watch-without-rights", "metadata.name", watched("serviceAccountName: web") + ACCOUNT),
                warning(
                        "watch-without-rights",
                        "metadata.name",
                        watched("serviceAccountName: web") + ACCOUNT + rights("other", "list, watch")),
                warning(
                        "watch-without-rights",
                        "metadata.name",
                        watched("serviceAccountName: web") + ACCOUNT + rights("web", "get, list")),
                error(
                        "pre-stop-elsewhere",
                        FIRST + "lifecycle.preStop.httpGet.host",
                        SERVICE.with("pre-stop, port: 9000", "pre-stop, port: 9000, host: 10.0.0.1")),
                error(
                        "pre-stop-fails",
                        FIRST + "lifecycle.preStop.tcpSocket",
                        FOREIGN.with("sleep: {seconds: 10}", "tcpSocket: {port: web}")),
                error(
                        "pre-stop-fails",
                        FIRST + "lifecycle.preStop.httpGet.port",
                        FOREIGN.with("sleep: {seconds: 10}", "httpGet: {path: /quit, port: admin}")),
                warning("pre-stop-idle", FIRST + "lifecycle.preStop", FOREIGN.with("sleep: {seconds: 10}", "")),
                warning(
                        "pre-stop-idle",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [/bin/true]}")),
                warning(
                        "pre-stop-idle",
                        FIRST + "lifecycle.preStop",
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sh, -c, \"echo bye; exit 0\"]}")),
                error("pre-stop-idle", FIRST + "lifecycle.preStop", SERVICE.with(PRE_STOP, "")),
                warning(
                        "shell-pre-stop",
                        FIRST + "lifecycle.preStop.exec",
                        FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sleep, \"10\"]}")
                                .replace("image: app:1", "image: team/app:1-distroless")),
                error(
                        "stop-signal",
                        FIRST + "lifecycle.stopSignal",
                        FOREIGN.with("lifecycle: {", "lifecycle: {stopSignal: SIGKILL, ")),
                error(
                        "stop-signal",
                        FIRST + "lifecycle.stopSignal",
                        SERVICE.with("lifecycle: {", "lifecycle: {stopSignal: SIGQUIT, ")),
                error(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        FOREIGN.with("      containers:", "      terminationGracePeriodSeconds: 0\n      containers:")),
                warning(
                        "grace-too-short",
                        POD + "terminationGracePeriodSeconds",
                        FOREIGN.with("      containers:", "      terminationGracePeriodSeconds: 2\n      containers:")
                                .replace("sleep: {seconds: 10}", "httpGet: {path: /quit, port: web}")),
                warning(
                        "hasty-liveness",
                        FIRST + "livenessProbe",
                        FOREIGN.with("livenessProbe: {", "livenessProbe: {failureThreshold: 1, ")),
                warning(
                        "hasty-startup",
                        FIRST + "startupProbe",
                        SERVICE.with(
                                "livenessProbe:",
                                "startupProbe: {periodSeconds: 1, failureThreshold: 60, httpGet: {path: /q/health/started, port: 9000}}\n          livenessProbe:")),
                warning(
                        "hasty-startup",
                        FIRST + "startupProbe",
                        FOREIGN.with(
                                "livenessProbe:",
                                "startupProbe: {periodSeconds: 2, tcpSocket: {port: web}}\n          livenessProbe:")),
                warning(
                        "startup-outlasts-progress",
                        "spec.progressDeadlineSeconds",
                        FOREIGN.with(
                                "livenessProbe:",
                                "startupProbe: {failureThreshold: 90, tcpSocket: {port: web}}\n          livenessProbe:")),
                note("single-replica", "spec.replicas", FOREIGN.with("replicas: 4", "replicas: 1")),
                warning(
                        "eviction-blocked",
                        "spec.maxUnavailable",
                        FOREIGN.with("maxUnavailable: 1\n", "maxUnavailable: 0%\n")),
                warning(
                        "eviction-blocked",
                        "spec.minAvailable",
                        FOREIGN.with("maxUnavailable: 1\n", "minAvailable: 4\n")),
                warning(
                        "eviction-blocked",
                        "spec.minAvailable",
                        FOREIGN.with("maxUnavailable: 1\n", "minAvailable: 76%\n")),
                note(
                        "eviction-unbounded",
                        "spec.replicas",
                        FOREIGN.with("matchLabels: {app: web}}\n", "matchLabels: {app: other}}\n")),
                note(
                        "unhealthy-eviction",
                        "spec.unhealthyPodEvictionPolicy",
                        FOREIGN.with("AlwaysAllow", "IfHealthyBudget")),
                warning(
                        "not-ready-addresses",
                        "spec.publishNotReadyAddresses",
                        FOREIGN.with(
                                "  selector: {app: web}", "  publishNotReadyAddresses: true\n  selector: {app: web}")),
                note(
                        "local-traffic",
                        "spec.externalTrafficPolicy",
                        FOREIGN.with(
                                "  selector: {app: web}", "  externalTrafficPolicy: Local\n  selector: {app: web}")),
                note(
                        "session-affinity",
                        "spec.sessionAffinity",
                        FOREIGN.with("  selector: {app: web}", "  sessionAffinity: ClientIP\n  selector: {app: web}")),
                error(
                        "management-exposed",
                        POD + "hostNetwork",
                        SERVICE.with("      containers:", "      hostNetwork: true\n      containers:")),
                warning(
                        "unknown-rule",
                        "metadata.annotations.lastcall.dev/lint-ignore",
                        FOREIGN.with(
                                "metadata: {name: web}\nspec:\n  replicas",
                                "metadata: {name: web, annotations: {lastcall.dev/lint-ignore: \"pre-stop, service-links\"}}\nspec:\n  replicas")),
                warning(
                        "shell-as-first-process",
                        FIRST + "command",
                        FOREIGN.with("[\"/app\", \"serve\"]", "[npm, start]")),
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

    private static Arguments note(String rule, String path, String manifest) {
        return arguments(rule, "note", path, manifest);
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
        assertThat(linted.exitCode()).isEqualTo(severity.equals("error") ? Lint.FINDINGS : Lint.CLEAN);
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
                FOREIGN.with("maxUnavailable: 0", "maxUnavailable: 1"),
                FOREIGN.with("/alive", "/ready").replace("livenessProbe: {", "livenessProbe: {failureThreshold: 6, "),
                FOREIGN.with("livenessProbe: {", "livenessProbe: {terminationGracePeriodSeconds: 5, "),
                FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [nginx, -s, quit]}"),
                FOREIGN.with("sleep: {seconds: 10}", "httpGet: {path: /quit, port: web}"),
                FOREIGN.with(
                        "sleep: {seconds: 10}",
                        "exec: {command: [sh, -c, \"nginx -s quit; while killall -0 nginx; do sleep 1; done\"]}"),
                FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sh, -c, sleep 10]}"),
                FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sleep, 5s]}")
                        .replace("app:1", "gcr.io/distroless/java21:debug"),
                FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sleep, 5s]}")
                        .replace("app:1", "example.org/static-web:2"),
                FOREIGN.with("sleep: {seconds: 10}", "exec: {command: [sleep, 5s]}")
                        .replace("app:1", "starscratch/api:2"),
                SERVICE.with("/drain/pre-stop", "drain/pre-stop/?x=1"),
                SERVICE.with("X-Lastcall-Pre-Stop", "x-lastcall-pre-stop"),
                SERVICE.with(HEADER, "")
                        .replace(
                                "- {name: LASTCALL_D",
                                "- {name: LASTCALL_MANAGEMENT_PRE_STOP_HEADER, value: ignored}\n            - {name: LASTCALL_D"),
                NATIVE.with(
                        PRE_STOP,
                        "exec: {command: [curl, -fsS, -H, 'x-lastcall-pre-stop: 1', 'http://127.0.0.1:9000/drain/pre-stop']}"),
                SERVICE.with("livenessProbe: {", "livenessProbe: {terminationGracePeriodSeconds: 5, "),
                SERVICE.with("value: 30s", "value: \"30\""),
                SERVICE.with("value: 30s", "value: 30000ms"),
                FOREIGN.with("kind: Deployment", "kind: Job").replace("[\"/app\", \"serve\"]", "[sh, -c, \"a | b\"]"),
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
    void fieldNewerThanTheClusterIsAnError() {
        assertThat(Linted.withInput(FOREIGN.yaml(), "--kubernetes=1.30", "-").findings())
                .isEmpty();
        assertThat(Linted.withInput(FOREIGN.yaml(), "--kubernetes=1.26", "-").findings())
                .hasSize(2)
                .allMatch(line -> line.contains(": error: ") && line.endsWith(" [field-unsupported]"))
                .anyMatch(line -> line.contains("lifecycle.preStop.sleep: "))
                .anyMatch(line -> line.contains("PodDisruptionBudget/web spec.unhealthyPodEvictionPolicy: "));
    }

    @Test
    void everyCheckIsInTheTable() {
        var tried = spoilt().map(each -> (String) each.get()[0]).collect(toSet());
        tried.add("sidecar-unsupported");
        tried.add("field-unsupported");
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
