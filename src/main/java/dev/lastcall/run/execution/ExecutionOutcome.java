package dev.lastcall.run.execution;

/** How an execution was over. */
enum ExecutionOutcome {
    ENDED,
    HANDED_OFF,
    FENCED,
    REFUSED
}
