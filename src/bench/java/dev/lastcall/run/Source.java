package dev.lastcall.run;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.RunLog;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A model's answer under way: what is given while a batch is in flight becomes the next batch. */
final class Source {
    private static final String TOKEN = "\" token\"";

    private final UUID run;
    private final RunLog log;
    private final List<Long> pending = new ArrayList<>();
    private @Nullable Meter meter;
    private boolean inFlight;
    private int next = 1;

    Source(UUID run, RunLog log) {
        this.run = run;
        this.log = log;
    }

    UUID run() {
        return run;
    }

    void meterBy(Meter used) {
        meter = used;
    }

    /** @param at the instant at which the model would have given them, which a late feeder does not change */
    void give(int tokens, long at) {
        Batch batch;
        List<Long> given;
        synchronized (this) {
            for (int i = 0; i < tokens; i++) {
                pending.add(at);
            }
            if (inFlight) {
                return;
            }
            inFlight = true;
            given = List.copyOf(pending);
            batch = take();
        }
        send(batch, given);
    }

    private Batch take() {
        List<Row> rows = new ArrayList<>(pending.size());
        for (int i = 0; i < pending.size(); i++) {
            rows.add(new Row(next + i, EventType.OUTPUT_TEXT_DELTA, TOKEN));
        }
        Batch batch = new Batch(run, 1, next, rows, null);
        next += pending.size();
        pending.clear();
        return batch;
    }

    private void send(Batch batch, List<Long> given) {
        log.append(batch).thenAccept(result -> committed(result, given));
    }

    private void committed(AppendResult result, List<Long> given) {
        Meter used = meter;
        if (!(result instanceof AppendResult.Committed) || used == null) {
            // On a thread of the log: an exception would be lost, and the benchmark would wait for ever.
            System.err.println("append: " + result + " (expected: Committed)");
            System.exit(1);
            return;
        }
        used.durable(given);
        Batch batch;
        List<Long> later;
        synchronized (this) {
            if (pending.isEmpty()) {
                inFlight = false;
                notifyAll();
                return;
            }
            later = List.copyOf(pending);
            batch = take();
        }
        send(batch, later);
    }

    synchronized void awaitEmpty() throws InterruptedException {
        while (inFlight) {
            wait();
        }
    }

    void end() throws Exception {
        Batch last = new Batch(run, 1, next, List.of(), RunStatus.COMPLETED);
        log.append(last).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
