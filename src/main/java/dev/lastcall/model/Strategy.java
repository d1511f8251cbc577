package dev.lastcall.model;

import java.util.Locale;

/** How an interrupted answer is gone on with. */
public enum Strategy {
    /** The model says what it would have said: nothing shows the seam. */
    EXACT,
    /** The text so far is the beginning of the model's own answer, which it goes on with. Not inside structured output. */
    PREFIX,
    /** The model is asked to go on after the last character, in a new item. */
    NEW_ITEM;

    /** As configured and logged: {@code new-item}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
