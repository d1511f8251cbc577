package dev.lastcall.model;

import java.util.Locale;

/** A way to continue an interrupted answer. */
public enum Strategy {
    /** The model gives the answer that it would have given; clients cannot see the interruption. */
    EXACT,
    /** The text so far is sent as the beginning of the model's answer, which the model completes. Not inside structured output. */
    PREFIX,
    /** The model is asked to go on after the last character, in a new item. */
    NEW_ITEM;

    /** The name in configuration and logs: {@code new-item}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
