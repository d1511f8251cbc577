package dev.lastcall.process;

import java.util.regex.Pattern;

/** Text as a person at a terminal would read it. */
final class TerminalText {
    /** ECMA-48: control sequences (colours), operating system commands (titles), and the short ones. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[()][0-9A-Za-z]|[@-Z\\\\^_=>78])");

    private TerminalText() {}

    /** Without colours and other escape sequences. */
    static String plain(String text) {
        return text.indexOf('\u001b') < 0 ? text : ESCAPE.matcher(text).replaceAll("");
    }
}
