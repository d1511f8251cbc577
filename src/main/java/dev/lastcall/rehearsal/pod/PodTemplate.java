package dev.lastcall.rehearsal.pod;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The template that pods are made of. Placeholders stand for its ports: {@code {port}}, {@code {management}}, {@code {application}}.
 *
 * @param variables besides this process'
 * @param startup asked before readiness is; none: readiness is asked at once
 * @param readiness none: ready as soon as it was started, as Kubernetes takes it
 * @param grace {@code terminationGracePeriodSeconds}
 * @param startLimit after which it has failed to become ready
 * @param underInit whether an init process is PID 1 in the container, so that SIGTERM reaches a program without a handler for it
 */
public record PodTemplate(
        List<String> command,
        Map<String, String> variables,
        Optional<ProbePlan> startup,
        Optional<ProbePlan> readiness,
        Optional<PodAction> preStop,
        Duration grace,
        Duration startLimit,
        boolean underInit) {

    public PodTemplate {
        command = List.copyOf(command);
        variables = Map.copyOf(variables);
    }
}
