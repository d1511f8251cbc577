package dev.lastcall.rehearsal.pod;

import java.util.HashMap;
import java.util.Map;

/** The environment of a pod's programs, besides this process'. */
final class PodVariables {
    private PodVariables() {}

    /** {@code PORT} is where most platforms tell a program its port; the name is what a pod's programs see as their host's. */
    static Map<String, String> of(PodTemplate template, PodPorts ports, String name) {
        Map<String, String> variables = new HashMap<>();
        variables.put("PORT", Integer.toString(ports.serving()));
        variables.put("HOSTNAME", name);
        template.variables().forEach((key, value) -> variables.put(key, ports.fill(value)));
        return variables;
    }
}
