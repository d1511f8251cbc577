package dev.lastcall.rehearsal.pod;

import java.util.Map;

/**
 * What an action in a pod needs to know of it.
 *
 * @param variables the environment of its programs, besides this process'
 */
public record PodContext(PodPorts ports, Map<String, String> variables) {}
