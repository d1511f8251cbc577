package dev.lastcall.fleet;

import java.util.List;

/**
 * The shared store of past drains, and of what they came to. Blocking: each call ends within a second, with an answer or a failure. A drain
 * that is saved twice is there once, and counted once. Thread-safe.
 */
interface Archive {
    void save(PastDrain drain) throws Exception;

    /**
     * Says that this process lives, and returns what all drains have come to. A process that has been silent for a minute, and has left no report,
     * gets a row in its place and is counted as lost, by whichever process notices first.
     */
    List<DrainCount> sign(ProcessSign sign) throws Exception;

    List<PastDrain> find(HistoryQuery query) throws Exception;
}
