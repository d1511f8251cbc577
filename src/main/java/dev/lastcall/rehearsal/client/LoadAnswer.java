package dev.lastcall.rehearsal.client;

import java.time.Duration;

/**
 * The status and the headers that are kept of an answer when it has been read to its end.
 *
 * @param retryAfter the header as it came; empty for none
 * @param location the header as it came; empty for none
 */
public record LoadAnswer(int status, String retryAfter, String location) {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Whether it refuses the request and asks to send it again. */
    public boolean isTurnedAway() {
        return status == 503 && !retryAfter.isEmpty();
    }

    /** Returns how long a client waits before it sends the request again, 5 s at the most. */
    public Duration retryWait() {
        if (!retryAfter.matches("[0-9]{1,4}")) {
            return Duration.ofSeconds(1);
        }
        Duration wait = Duration.ofSeconds(Long.parseLong(retryAfter));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    /** Throws the loss that its status is, where it is one. */
    public void requireServed(int usual) throws ClientLoss {
        if (isTurnedAway()) {
            throw new ClientLoss(LossKind.TURNED_AWAY, "");
        }
        if (status >= 500) {
            throw new ClientLoss(LossKind.SERVER_ERROR, Integer.toString(status));
        }
        if (status != usual) {
            throw new ClientLoss(LossKind.OTHER_STATUS, status + " instead of " + usual);
        }
    }
}
