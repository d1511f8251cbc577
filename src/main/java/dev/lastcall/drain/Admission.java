package dev.lastcall.drain;

/** The gate's answer: an {@link Entry} that is counted and must be ended, or {@link Refused}. */
@Internal
public sealed interface Admission permits Entry, Refused {}
