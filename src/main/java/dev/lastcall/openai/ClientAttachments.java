package dev.lastcall.openai;

import dev.lastcall.run.RunHead;
import dev.lastcall.run.Runs;
import dev.lastcall.run.StartResult;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Counts the clients attached to a run, and cancels an unstored run when the last one left. Only the client that was cut off can find such
 * a run again, so it goes on for a limited time. The races it closes:
 *
 * <ul>
 *   <li>The client comes back at another pod, while this one waits: clients of a run are counted in the log, and only the newest one's
 *       leaving ends it.
 *   <li>It comes back at another pod before this one notices that its connection is dead: the same.
 *   <li>This pod ends while it waits: nobody ends the run, which goes on to its own end.
 * </ul>
 */
@Singleton
final class ClientAttachments {
    private static final Logger LOG = Logger.getLogger(ClientAttachments.class);

    private final Runs runs;
    private final Vertx vertx;
    private final Duration abandonedAfter;

    ClientAttachments(Runs runs, Vertx vertx, WireConfig config) {
        this.runs = runs;
        this.vertx = vertx;
        abandonedAfter = config.abandonedAfter();
    }

    /** The attachment of the client that asked for the run, or repeated the request. */
    CompletionStage<Visit> first(StartResult begun, boolean stored) {
        return stored || begun instanceof StartResult.Made
                ? CompletableFuture.completedFuture(new Visit(begun.run(), 0, stored))
                : joined(begun.run());
    }

    /** The attachment of a client that resumes an existing run. */
    CompletionStage<Visit> again(RunHead run) {
        return run.stored() ? CompletableFuture.completedFuture(new Visit(run.id(), 0, true)) : joined(run.id());
    }

    private CompletionStage<Visit> joined(UUID run) {
        return runs.join(run).thenApply(number -> new Visit(run, number, false));
    }

    /** One client's attachment. Its methods return at once and never fail. */
    final class Visit {
        private final UUID run;
        private final int number;
        private final boolean kept;

        private Visit(UUID run, int number, boolean kept) {
            this.run = run;
            this.number = number;
            this.kept = kept;
        }

        UUID run() {
            return run;
        }

        /** Records that the answer has been sent, so that what the SDK sends from now on is another request. */
        void answered() {
            runs.answered(run).whenComplete((noted, failure) -> {
                if (failure != null) {
                    LOG.debugf(failure, "answered, which was not noted run=%s", run);
                }
            });
        }

        /** Records that the client has left by itself. */
        void left() {
            if (!kept) {
                vertx.setTimer(Math.max(1, abandonedAfter.toMillis()), fired -> abandon());
            }
        }

        private void abandon() {
            runs.abandon(run, number).whenComplete((ended, failure) -> {
                if (failure != null) {
                    LOG.debugf(failure, "abandoned and not ended run=%s", run);
                }
            });
        }
    }
}
