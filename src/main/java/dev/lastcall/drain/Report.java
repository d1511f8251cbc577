package dev.lastcall.drain;

import java.util.List;

/**
 * The report of a drain, for the log and the termination message.
 *
 * @param drain the last picture: stages with their times, totals since the drain began
 * @param cuts what was ended by force
 * @param release the release steps in the order in which they ran
 * @param processExit the code of the supervised program whose exit was a trigger; 0 where none was
 */
@Internal
public record Report(DrainView drain, Cuts cuts, List<ReleaseResult> release, int processExit) {
    /** Makes the report of a drain that ends without its process. */
    Report(DrainView drain, Cuts cuts) {
        this(drain, cuts, List.of(), 0);
    }

    /**
     * The supervised program's where that failed; else 0 where nothing was cut or lost and every release step ended, those apart that are optional;
     * else 1.
     */
    public int exitCode() {
        if (processExit != 0) {
            return processExit;
        }
        Totals totals = drain.totals();
        boolean clean =
                totals.cut() == 0 && totals.lost() == 0 && release.stream().allMatch(ReleaseResult::isForgiven);
        return clean ? 0 : 1;
    }
}
