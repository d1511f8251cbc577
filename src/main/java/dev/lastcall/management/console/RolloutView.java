package dev.lastcall.management.console;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a rollout.
 *
 * @param pod that answers
 * @param self its instance
 * @param window how far back the page looks
 * @param peers the pods that live, as they told last
 * @param past the drains that ended within the window, of all pods; null where they could not be read
 */
public record RolloutView(
        String pod,
        String self,
        Instant now,
        Duration window,
        List<Peer> peers,
        @Nullable List<PastDrain> past) {
    Instant start() {
        return now.minus(window);
    }
}
