package dev.lastcall.rehearsal.pod;

import java.util.Map;

/**
 * The ports and the variables of a pod, which an action in it needs.
 *
 * @param variables the environment of its programs, besides this process'
 */
public record PodContext(PodPorts ports, Map<String, String> variables) {}
