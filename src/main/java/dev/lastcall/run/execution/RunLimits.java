package dev.lastcall.run.execution;

import java.time.Duration;

/**
 * The limits of a run, and of the number of runs.
 *
 * @param maxDuration from its birth, whoever owns it
 * @param maxTokens pieces of text
 * @param maxAttempts claims after a loss of the owner
 * @param maxPerTenant runs of one tenant that have not ended, before another one is refused
 */
public record RunLimits(Duration maxDuration, long maxTokens, int maxAttempts, int maxPerTenant) {
    RunLimits(Duration maxDuration, long maxTokens, int maxAttempts) {
        this(maxDuration, maxTokens, maxAttempts, Integer.MAX_VALUE);
    }
}
