package dev.lastcall.lint.manifest;

import java.util.regex.Pattern;

/** Helpers for the ports of containers and Services. */
final class Ports {
    /** Names of ports that Prometheus, probes or developers use; who ends in the middle of one of those requests loses nothing. */
    private static final Pattern WATCHED = Pattern.compile(
            "(.*[-_])?(metrics?|prom|prometheus|probes?|health|healthz|healthcheck|ready|readyz|live|liveness|debug|pprof|telemetry"
                    + "|monitoring|management|profiling|jmx)([-_].*)?");

    private Ports() {}

    /** Whether clients use a port, by its name; one without a name is theirs. */
    static boolean areForRequests(Field port) {
        return !WATCHED.matcher(port.at("name").text()).matches()
                && !WATCHED.matcher(port.at("targetPort").text()).matches();
    }

    /** Whether a Service's port is one that the container declares. */
    static boolean leadsTo(Field servicePort, Container container) {
        Field target = target(servicePort);
        return container.ports().stream()
                .anyMatch(each -> each.at("name").is(target.text())
                        || each.at("containerPort").is(target.text()));
    }

    /** Returns the target of a Service's port: its own number where nothing else is written. */
    static Field target(Field servicePort) {
        return servicePort.at("targetPort").isPresent() ? servicePort.at("targetPort") : servicePort.at("port");
    }
}
