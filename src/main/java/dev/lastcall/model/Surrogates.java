package dev.lastcall.model;

/**
 * Joins characters whose halves came in two pieces of text. A half whose other one never comes is no character and cannot be stored: U+FFFD
 * stands for it. Not thread-safe.
 */
final class Surrogates {
    private static final char REPLACEMENT = '\uFFFD';

    private String half = "";

    /** The text with the half before it, without the half at its end; may be empty. */
    String join(String text) {
        String joined = half + text;
        int end = joined.length();
        boolean cut = end > 0 && Character.isHighSurrogate(joined.charAt(end - 1));
        half = cut ? joined.substring(end - 1) : "";
        return whole(cut ? joined.substring(0, end - 1) : joined);
    }

    /** Returns U+FFFD for the half that is left; empty where there is none. */
    String end() {
        String left = half.isEmpty() ? "" : String.valueOf(REPLACEMENT);
        half = "";
        return left;
    }

    private static String whole(String text) {
        if (text.codePoints().noneMatch(Surrogates::isHalf)) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text.length());
        text.codePoints().forEach(each -> mended.appendCodePoint(isHalf(each) ? REPLACEMENT : each));
        return mended.toString();
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
