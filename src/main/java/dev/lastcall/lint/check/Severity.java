package dev.lastcall.lint.check;

import java.util.Locale;

/** The severity of a finding, the worst first. */
public enum Severity {
    /** Work is lost, or the start fails. */
    ERROR,
    /** Work may be lost, unless it is meant that way. */
    WARNING,
    /** Worth a thought: right for many, or not to be known from these files. It never fails a build. */
    NOTE;

    /** Returns the word that is printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
