package dev.lastcall.run.log;

import dev.lastcall.run.event.RunStatus;

/** How far a run's log has come, and how the run stands. */
public record Head(int nextSeq, RunStatus status) {}
