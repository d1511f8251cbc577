package dev.lastcall.run;

import java.util.List;

/**
 * A part of a run's log and how the run stood in the same instant.
 *
 * @param nextSeq of the run, which may be beyond these rows
 * @param rows in order, from the first one asked for
 */
record Page(int nextSeq, RunStatus status, List<Row> rows) {}
