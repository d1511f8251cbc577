package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;

/** The timing of a probe, in seconds, with the kubelet's defaults for what is not written. */
record Probe(long initialDelay, long period, long timeout, long failures) {
    static Probe of(Field probe) {
        return new Probe(
                probe.at("initialDelaySeconds").number().orElse(0),
                atLeastOne(probe.at("periodSeconds").number().orElse(10)),
                atLeastOne(probe.at("timeoutSeconds").number().orElse(1)),
                atLeastOne(probe.at("failureThreshold").number().orElse(3)));
    }

    /** The kubelet takes 0 for "not written", which for all three is more than nothing. */
    private static long atLeastOne(long written) {
        return Math.max(1, written);
    }

    /** Returns the time from the first unanswered probe to the verdict. */
    long verdict() {
        return (failures - 1) * period + timeout;
    }

    /** Returns the time from the container's start to the verdict if nothing ever answers. */
    long startLimit() {
        return initialDelay + verdict();
    }

    /** Returns the failures after which the verdict has taken at least this long. */
    long failuresFor(long seconds) {
        return Math.max(failures, (Math.max(0, seconds - timeout) + period - 1) / period + 1);
    }

    /** The verdict's arithmetic in words. */
    String arithmetic() {
        return "(failureThreshold " + failures + " - 1) x periodSeconds " + period + " + timeoutSeconds " + timeout
                + " = " + verdict() + " s";
    }
}
