package dev.lastcall.lint.check;

import java.util.Locale;

/** How sure and how bad a finding is, the worst first. */
public enum Severity {
    /** Work is lost, or the start fails. */
    ERROR,
    /** Work may be lost, unless somebody means it that way. */
    WARNING,
    /** Worth a thought: right for many, or not to be known from these files. It never fails a build. */
    NOTE;

    /** As findings are printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
