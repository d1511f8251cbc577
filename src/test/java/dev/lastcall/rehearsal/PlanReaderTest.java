package dev.lastcall.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.rehearsal.cluster.RollingUpdate;
import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.pod.PodTemplate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The plan of a rehearsal from a manifest: it has what the manifest says of its pods' end, unless an option says otherwise. */
class PlanReaderTest {
    private static final String MANIFEST = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 10
              minReadySeconds: 4
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 45
                  containers:
                    - name: web
                      image: web:1
                      env: [{name: MODE, value: fast}, {name: OTHER, value: $(MODE)}]
                      ports: [{name: http, containerPort: 8000}, {name: admin, containerPort: 8001}]
                      lifecycle:
                        preStop:
                          httpGet: {path: drain, port: admin, httpHeaders: [{name: X-Why, value: end}]}
                      readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 7, failureThreshold: 2}
            """;

    private static RehearsalPlan plan(String... more) throws BadOption {
        List<String> arguments = new ArrayList<>(List.of("--manifest", "-", "--command", "web --port {port}"));
        arguments.addAll(List.of(more));
        return PlanReader.read(
                WrittenOptions.of(arguments), new ByteArrayInputStream(MANIFEST.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void manifestDecides() throws BadOption {
        RehearsalPlan plan = plan();
        // 25 % each, surge rounded up and unavailable down.
        assertThat(plan.strategy()).isEqualTo(new RollingUpdate(10, 3, 2, false));
        assertThat(plan.minReady()).isEqualTo(Duration.ofSeconds(4));
        PodTemplate template = plan.template();
        assertThat(template.grace()).isEqualTo(Duration.ofSeconds(45));
        assertThat(template.variables()).isEqualTo(Map.of("MODE", "fast"));
        assertThat(template.startup()).isEmpty();
        assertThat(template.preStop())
                .contains(new PodAction.HttpGet("{management}", "/drain", Map.of("X-Why", "end")));
        assertThat(template.readiness()).hasValueSatisfying(probe -> {
            assertThat(probe.action()).isEqualTo(new PodAction.HttpGet("{port}", "/ready", Map.of()));
            assertThat(probe.period()).isEqualTo(Duration.ofSeconds(7));
            assertThat(probe.failures()).isEqualTo(2);
        });
    }

    @Test
    void optionOverridesTheManifest() throws BadOption {
        RehearsalPlan plan = plan("--grace", "5", "--replicas", "2", "--pre-stop", "sleep 3", "--balancer", "alb");
        assertThat(plan.template().grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plan.strategy().replicas()).isEqualTo(2);
        assertThat(plan.template().preStop()).contains(new PodAction.Wait(Duration.ofSeconds(3)));
        assertThat(plan.withdrawal().to()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void withoutAManifestTheUsualNumbersHold() throws BadOption {
        RehearsalPlan plan = PlanReader.read(
                WrittenOptions.of(List.of("--command", "web {port}")), ByteArrayInputStream.nullInputStream());
        assertThat(plan.strategy()).isEqualTo(new RollingUpdate(3, 1, 0, false));
        assertThat(plan.template().preStop()).isEmpty();
        assertThat(plan.template().grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(plan.withdrawal().to()).isEqualTo(Duration.ofSeconds(2));
    }
}
