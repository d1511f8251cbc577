package dev.lastcall.drain;

import java.util.List;

/**
 * What a drain did, for the log and the termination message.
 *
 * @param drain the last picture: stages with their times, totals since the drain began
 * @param cuts what was ended by force
 * @param release the release steps in the order in which they ran
 */
public record Report(DrainView drain, Cuts cuts, List<ReleaseResult> release) {
    /** 0 where nothing was cut and every release step ended; else 1. */
    public int exitCode() {
        boolean clean = drain.totals().cut() == 0 && release.stream().allMatch(ReleaseResult::released);
        return clean ? 0 : 1;
    }
}
