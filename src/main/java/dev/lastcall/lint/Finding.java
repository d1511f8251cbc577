package dev.lastcall.lint;

/**
 * One thing to mend.
 *
 * @param document whose it is
 * @param place where in it
 * @param why what would happen, without a full stop
 * @param mend what to do, without a full stop
 */
record Finding(Severity severity, Document document, Field place, String why, String mend) {
    static Finding error(Document document, Field place, String why, String mend) {
        return new Finding(Severity.ERROR, document, place, why, mend);
    }

    static Finding warning(Document document, Field place, String why, String mend) {
        return new Finding(Severity.WARNING, document, place, why, mend);
    }

    /** One line, which editors understand as a place in a file. */
    String line(String rule) {
        return document.file() + ":" + place.line() + ": " + severity.word() + ": " + document.label() + " "
                + place.path() + ": " + why + "; " + mend + " [" + rule + "]";
    }
}
