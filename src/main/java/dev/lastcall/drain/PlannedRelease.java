package dev.lastcall.drain;

/** A release step that is registered, for those who ask what will be released. */
@Internal
public record PlannedRelease(String name, ReleaseStage stage) {}
