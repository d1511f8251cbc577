package dev.lastcall.lint;

/**
 * A text to lint.
 *
 * @param name as findings call it: the file as the user reached it
 */
record Source(String name, String text) {}
