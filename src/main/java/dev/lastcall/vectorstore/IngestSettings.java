package dev.lastcall.vectorstore;

import java.time.Duration;

/**
 * The settings by which files are embedded.
 *
 * @param atOnce files at the same time
 * @param batch chunks that are committed together
 * @param lease after which a silent pod's file is another's
 * @param retry the wait before a model that failed is asked again, longer each time
 */
record IngestSettings(int atOnce, int batch, Duration lease, Duration retry) {
    /** The failures of a model in a row after which it is not asked again. */
    static final int ATTEMPTS = 6;
    /** The most pods that may be lost with one file. */
    static final int LOSSES = 5;
}
