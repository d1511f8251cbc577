package dev.lastcall.lint;

/**
 * Bytes to lint.
 *
 * @param name as findings call it: the file as the user reached it
 */
record Source(String name, byte[] bytes) {}
