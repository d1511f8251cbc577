package dev.lastcall.model;

/**
 * The part of an interrupted answer that has come so far.
 *
 * @param tokens how many pieces the text came in
 * @param reasoning what was thought before the text
 * @param refusal why nothing is answered
 */
public record Continuation(String text, long tokens, String reasoning, String refusal) {
    /** Text alone. */
    public Continuation(String text, long tokens) {
        this(text, tokens, "", "");
    }
}
