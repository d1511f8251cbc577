package dev.lastcall.run.log;

import java.time.Instant;
import java.util.UUID;

/**
 * A run that this pod owns from now on.
 *
 * @param epoch this claim's number; what is appended under an earlier one is fenced
 * @param nextSeq where to go on
 * @param cancelRequested it is only to be sealed
 * @param attempts claims after an unclean loss of the owner, this one included
 * @param deadline the latest end
 */
public record Claimed(
        UUID run, int epoch, int nextSeq, boolean cancelRequested, int attempts, int handoffs, Instant deadline) {}
