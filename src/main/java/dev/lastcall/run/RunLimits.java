package dev.lastcall.run;

import java.time.Duration;

/**
 * What ends a run that does not end by itself.
 *
 * @param maxDuration from its birth, whoever owns it
 * @param maxTokens pieces of text
 * @param maxAttempts claims after a loss of the owner
 */
record RunLimits(Duration maxDuration, long maxTokens, int maxAttempts) {}
