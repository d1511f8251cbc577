package dev.lastcall.run.execution;

/** The ways in which an execution ends. */
enum ExecutionOutcome {
    ENDED,
    HANDED_OFF,
    FENCED,
    REFUSED
}
