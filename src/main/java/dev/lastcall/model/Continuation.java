package dev.lastcall.model;

/**
 * The text of an interrupted answer so far.
 *
 * @param tokens how many pieces the text came in
 */
public record Continuation(String text, long tokens) {}
