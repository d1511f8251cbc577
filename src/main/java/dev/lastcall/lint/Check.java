package dev.lastcall.lint;

import java.util.Locale;
import java.util.stream.Stream;

/** Knows one trap. Stateless. */
interface Check {
    /** What of this workload falls into it; {@code all} is everything that is linted together. */
    Stream<Finding> findings(Workload workload, Manifests all);

    /** The class' name in small letters, {@code grace-too-short}: stable, for it is written into annotations. */
    default String rule() {
        return getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
