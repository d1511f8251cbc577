package dev.lastcall.model;

/** Joins characters whose halves came in two pieces of text: half a character is none, and cannot be stored. Not thread-safe. */
final class Surrogates {
    private String half = "";

    /** The text with the half before it, without the half at its end; may be empty. */
    String join(String text) {
        String joined = half + text;
        int end = joined.length();
        boolean cut = end > 0 && Character.isHighSurrogate(joined.charAt(end - 1));
        half = cut ? joined.substring(end - 1) : "";
        return cut ? joined.substring(0, end - 1) : joined;
    }
}
