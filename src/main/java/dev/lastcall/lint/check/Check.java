package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.Locale;
import java.util.stream.Stream;

/** Knows one trap. Stateless. */
interface Check {
    /** Returns the findings in a workload; {@code all} is everything that is linted together. */
    default Stream<Finding> findings(Workload workload, Manifests all) {
        return Stream.empty();
    }

    /** Returns the findings in an object that is no workload. */
    default Stream<Finding> findings(Document object, Manifests all) {
        return Stream.empty();
    }

    /** The class' name in small letters, {@code grace-too-short}: stable, for it is written into annotations. */
    default String rule() {
        return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
