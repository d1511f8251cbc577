package dev.lastcall.fleet;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Tells the archive again and again that this process lives, until it is released, and keeps what the archive answers: the counts of the
 * fleet's drains. Thread-safe.
 */
final class SignsOfLife {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.fleet");
    /** Six of them make a minute of silence, after which a process is lost. */
    private static final Duration PACE = Duration.ofSeconds(10);

    private static final Duration FIRST = Duration.ofSeconds(1);

    private final Drain drain;
    private final Identity identity;
    private final Time time;
    private final Archive archive;
    private final ArchiveThread thread;
    private final Instant started = Instant.now();
    private volatile List<DrainCount> totals = List.of();

    SignsOfLife(Drain drain, Identity identity, Time time, Archive archive, ArchiveThread thread) {
        this.drain = drain;
        this.identity = identity;
        this.time = time;
        this.archive = archive;
        this.thread = thread;
    }

    void start() {
        time.schedule(FIRST, this::sign);
    }

    /** On the engine's timer thread, which waits for nothing: whatever happens to this sign, the next is given. */
    private void sign() {
        if (drain.state() == DrainState.RELEASING || drain.state() == DrainState.STOPPED) {
            return;
        }
        ProcessSign sign = ProcessSign.of(identity, drain.view(), started);
        CompletionStage<List<DrainCount>> counted = thread.submit(() -> archive.sign(sign));
        counted.whenComplete((counts, failure) -> {
            if (failure == null) {
                totals = counts;
            } else {
                LOG.debugf("no sign of life was given: %s", failure);
            }
        });
        time.schedule(PACE, this::sign);
    }

    /** Returns the numbers of the fleet's drains since it began, as of the last sign. */
    List<DrainCount> totals() {
        return totals;
    }
}
