package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.util.List;

/**
 * A part of a run's log and how the run stood in the same instant.
 *
 * @param nextSeq of the run, which may be beyond these rows
 * @param rows in order, from the first one asked for
 */
public record Page(int nextSeq, RunStatus status, List<Row> rows) {}
