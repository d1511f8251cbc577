package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import java.util.List;

/**
 * One thing to mend.
 *
 * @param document whose it is
 * @param place where in it
 * @param why what would happen, without a full stop
 * @param mend what to do, without a full stop
 * @param edits the change that does it; none where there is more than one answer
 */
public record Finding(Severity severity, Document document, Field place, String why, String mend, List<Edit> edits) {
    static Finding error(Document document, Field place, String why, String mend) {
        return new Finding(Severity.ERROR, document, place, why, mend, List.of());
    }

    static Finding warning(Document document, Field place, String why, String mend) {
        return new Finding(Severity.WARNING, document, place, why, mend, List.of());
    }

    static Finding note(Document document, Field place, String why, String mend) {
        return new Finding(Severity.NOTE, document, place, why, mend, List.of());
    }

    /** The same with its one answer. */
    Finding fixedBy(Edit... changes) {
        return new Finding(severity, document, place, why, mend, List.of(changes));
    }

    /** The same with another severity. */
    Finding as(Severity other) {
        return new Finding(other, document, place, why, mend, edits);
    }
}
