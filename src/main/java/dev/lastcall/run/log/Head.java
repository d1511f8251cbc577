package dev.lastcall.run.log;

import dev.lastcall.run.event.RunStatus;

/** The end of a run's log and the run's status, read together. */
public record Head(int nextSeq, RunStatus status) {}
