package dev.lastcall.lint.manifest;

/**
 * The value of one {@code lastcall.*} key.
 *
 * @param document where it is written: the workload's, or a ConfigMap's
 * @param place where in it
 */
public record Setting(String key, String value, Document document, Field place) {}
