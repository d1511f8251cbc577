package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.LoadConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.client.RunEvents;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An agent run for each request. Its client hears it to the end, on any other pod where the connection to one ends; so only a run that does not go on,
 * or goes on otherwise, is a loss. For one thread.
 */
final class RunExchange implements LoadUser.Exchange {
    private static final int BACK_OFF_MS = 200;
    private static final int OK = 200;

    private final LoadContext context;
    private final int node;
    private final Random random;

    RunExchange(LoadContext context, int node, Random random) {
        this.context = context;
        this.node = node;
        this.random = random;
    }

    @Override
    public @Nullable RehearsedPod kept() {
        return null;
    }

    @Override
    public void ask(RehearsedPod pod, LoadRequest request) throws ClientLoss {
        RunEvents events = new RunEvents();
        long deadline = System.nanoTime() + context.plan().limit(LoadKind.RUNS).toNanos();
        Optional<RehearsedPod> next = Optional.of(pod);
        LoadRequest asked = request;
        while (!events.isEnded()) {
            if (System.nanoTime() > deadline) {
                throw new ClientLoss(
                        LossKind.TIME_OUT,
                        "run " + events.run() + " after " + events.events().size() + " events");
            }
            if (next.isPresent()) {
                hear(next.get(), asked, events);
                asked = events.next();
            }
            if (!events.isEnded()) {
                backOff();
                next = context.endpoints().pick(node, random);
            }
        }
        context.known(LoadKind.RUNS).events().require(events.events());
    }

    /** A connection that ends is no loss once the run has a name: it is asked for again. */
    private void hear(RehearsedPod pod, LoadRequest request, RunEvents events) throws ClientLoss {
        boolean begun = !events.run().isEmpty();
        try (LoadConnection connection = LoadConnection.open(pod.port())) {
            connection
                    .exchange(request, false, context.plan().limit(LoadKind.RUNS), events)
                    .requireServed(begun ? OK : context.known(LoadKind.RUNS).status());
        } catch (ClientLoss e) {
            if (events.run().isEmpty() || e.kind() == LossKind.OTHER_STATUS) {
                throw e;
            }
        }
    }

    private static void backOff() throws ClientLoss {
        try {
            var unused = new CountDownLatch(1).await(BACK_OFF_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientLoss(LossKind.TIME_OUT, "interrupted");
        }
    }

    @Override
    public void drop() {
        // None is kept.
    }
}
