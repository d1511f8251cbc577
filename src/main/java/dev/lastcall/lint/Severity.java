package dev.lastcall.lint;

import java.util.Locale;

/** Errors lose work or end in a start that fails; warnings may be meant that way. */
enum Severity {
    ERROR,
    WARNING;

    /** As findings are printed. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
