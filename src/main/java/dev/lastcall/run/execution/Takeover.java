package dev.lastcall.run.execution;

import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.Strategy;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.RunSnapshot;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Continues a run that another pod has begun: reads the log, then asks the model for the rest, or closes the run if it cannot be continued.
 * Thread-safe.
 *
 * <ul>
 *   <li>The log cannot be read: tried again, until the execution is over.
 *   <li>The log stands elsewhere than the claim says: another pod has claimed the run in between, or it was deleted.
 *   <li>Given away while the log is being read: not begun; the hand-off is on its way.
 * </ul>
 */
final class Takeover {
    private static final Logger LOG = Logger.getLogger(Takeover.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ExecutionContext context;
    private final RunCounts counts;

    Takeover(ExecutionContext context, RunCounts counts) {
        this.context = context;
        this.counts = counts;
    }

    void open(Owned owned, Claimed claimed) {
        if (owned.isOver()) {
            return;
        }
        RunSnapshot.read(context.log(), claimed.run()).whenComplete((opened, failure) -> {
            if (failure != null) {
                LOG.debugf(failure, "log not readable, tried again run=%s", claimed.run());
                context.time().schedule(RETRY, () -> open(owned, claimed));
            } else if (opened.isEmpty() || opened.get().next() != claimed.nextSeq()) {
                owned.execution().stop();
            } else if (!owned.isLeaving()) {
                tryToGoOn(owned, claimed, opened.get());
            }
        });
    }

    /** Continues the run. A log that cannot be decoded fails the run here, because every other pod would fail on it too. */
    private void tryToGoOn(Owned owned, Claimed claimed, RunSnapshot opened) {
        try {
            goOn(owned, claimed, opened);
        } catch (RuntimeException e) {
            LOG.errorf(e, "a run cannot be gone on with run=%s", claimed.run());
            ResponseEventWriter draft =
                    new ResponseEventWriter(claimed.run(), opened.fold(), claimed.nextSeq(), List.of());
            fail(owned, draft, "the run cannot be gone on with; send the input again");
        }
    }

    private static void fail(Owned owned, ResponseEventWriter draft, String why) {
        owned.execution().seal(draft, open -> open.fail("server_error", why));
    }

    private void goOn(Owned owned, Claimed claimed, RunSnapshot opened) {
        ModelRequest request = context.toolbox()
                .offer(ModelRequest.of(new JsonObject(opened.meta().request())));
        boolean spoken = opened.fold().items() > 0;
        List<String> handoffs = new ArrayList<>(opened.meta().handoffs());
        if (spoken && !claimed.cancelRequested()) {
            String key = context.model().strategy(request).key();
            handoffs.add(claimed.nextSeq() + ":" + claimed.epoch() + ":" + key);
            context.log().noteHandoff(claimed.run(), handoffs.get(handoffs.size() - 1));
        }
        ResponseEventWriter draft =
                new ResponseEventWriter(claimed.run(), opened.fold(), claimed.nextSeq(), newest(handoffs));
        owned.expect(context.model().strategy(request) == Strategy.NEW_ITEM);
        Optional<String> refusal = refusal(claimed);
        if (claimed.cancelRequested()) {
            owned.execution().seal(draft, ResponseEventWriter::cancel);
        } else if (refusal.isPresent()) {
            fail(owned, draft, refusal.get());
        } else {
            goOn(owned, claimed, draft, request);
        }
    }

    private void goOn(Owned owned, Claimed claimed, ResponseEventWriter draft, ModelRequest request) {
        List<Row> rows = new ArrayList<>(draft.begin());
        ContinuationPlan continued = ContinuationPlan.of(draft, request, context.model());
        rows.addAll(continued.rows());
        counts.respent(continued.respent());
        ModelRequest rest = continued.request();
        if (rest == null) {
            fail(owned, draft, "structured output was interrupted and cannot be gone on with");
        } else {
            owned.execution().begin(draft, request, rest, rows, claimed.deadline());
        }
    }

    private static List<String> newest(List<String> handoffs) {
        return handoffs.subList(Math.max(0, handoffs.size() - ResponseEventWriter.KEPT_HANDOFFS), handoffs.size());
    }

    private Optional<String> refusal(Claimed claimed) {
        if (claimed.attempts() > context.limits().maxAttempts()) {
            return Optional.of("the run lost its pod " + claimed.attempts() + " times; it is not tried again");
        }
        if (!context.time().instant().isBefore(claimed.deadline())) {
            return Optional.of("the run took longer than " + context.limits().maxDuration()
                    + " (lastcall.run.max-duration); ask for less");
        }
        return Optional.empty();
    }

    /** The log holds less than we wrote under this epoch: what it has is closed as failed. */
    void repair(UUID run, int epoch) {
        RunSnapshot.read(context.log(), run).whenComplete((opened, failure) -> {
            if (failure == null && opened.isPresent() && !opened.get().status().isTerminal()) {
                RunSnapshot found = opened.get();
                ResponseEventWriter draft = new ResponseEventWriter(run, found.fold(), found.next(), List.of());
                ResponseEventWriter.Ending end =
                        draft.fail("server_error", "the run could not be logged; send the input again");
                context.log()
                        .append(new Batch(run, epoch, found.next(), end.rows(), end.status()))
                        .thenAccept(result -> {
                            if (result instanceof AppendResult.Committed) {
                                context.feed().committed(run, end.rows());
                            }
                        });
            }
        });
    }
}
