package dev.lastcall.model;

/**
 * What an interrupted answer says already.
 *
 * @param tokens how many pieces the text came in
 */
public record Continuation(String text, long tokens) {}
