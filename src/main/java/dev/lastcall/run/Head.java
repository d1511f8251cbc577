package dev.lastcall.run;

/** How far a run's log has come, and how the run stands. */
record Head(int nextSeq, RunStatus status) {}
