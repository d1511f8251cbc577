package dev.lastcall.rehearsal.pod;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.LoadAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A probe of the kubelet, with its timing.
 *
 * @param failures in a row until it counts as failed
 * @param successes in a row until it counts as succeeded
 */
public record ProbePlan(
        PodAction action, Duration initialDelay, Duration period, Duration timeout, int failures, int successes) {

    public ProbePlan {
        if (period.compareTo(Duration.ofMillis(50)) < 0) {
            throw new IllegalArgumentException("period: " + period + " (expected: at least PT0.05S)");
        }
    }

    /** Asks once; empty where it succeeded, else what came instead. */
    Optional<String> ask(PodContext pod) throws InterruptedException {
        try {
            Optional<LoadAnswer> answer = action.run(pod, timeout);
            // The kubelet takes any redirect for a success.
            return answer.filter(each -> each.status() < 200 || each.status() >= 400)
                    .map(each -> "answered " + each.status());
        } catch (ClientLoss | IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
