package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.client.NotTaken;
import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client: sends a request, waits for its answer, pauses, sends the next. Runs on a thread of its own until the load is stopped. */
final class LoadUser implements Runnable {
    private static final int ATTEMPTS = 3;

    private final LoadKind kind;
    private final LoadContext context;
    private final LoadRequest request;
    private final int node;
    private final Random random;
    private final Exchange exchange;

    /** One way to ask. */
    interface Exchange {
        /** Whether it has a connection that it would use again, and to which pod. */
        @Nullable
        RehearsedPod kept();

        /** Asks this pod, on the kept connection where there is one. */
        void ask(RehearsedPod pod, LoadRequest request) throws ClientLoss, NotTaken;

        /** Drops the connection. */
        void drop();
    }

    LoadUser(LoadKind kind, LoadContext context, int node, Random random, Exchange exchange) {
        this.kind = kind;
        this.context = context;
        this.request = Objects.requireNonNull(context.plan().requests().get(kind));
        this.node = node;
        this.random = random;
        this.exchange = exchange;
    }

    @Override
    public void run() {
        try {
            while (!context.stopped().await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
                askOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.drop();
        }
    }

    private Duration pause() {
        return Duration.ofNanos((long) (kind.pause().toNanos() * (0.5 + random.nextDouble())));
    }

    private void askOnce() throws InterruptedException {
        int attempt = 1;
        while (!isOver(attempt)) {
            context.ledger().retried(kind);
            attempt++;
        }
    }

    /** Asks once; returns whether there is an answer, or it is lost for good. */
    private boolean isOver(int attempt) throws InterruptedException {
        Duration begun = context.kubelet().now();
        RehearsedPod kept = keptEndpoint();
        Optional<RehearsedPod> pod = kept == null ? context.endpoints().pick(node, random) : Optional.of(kept);
        try {
            if (pod.isEmpty()) {
                throw new ClientLoss(LossKind.REFUSED, "no endpoint");
            }
            exchange.ask(pod.get(), request);
            context.ledger().served(kind, context.kubelet().now().minus(begun));
            return true;
        } catch (NotTaken e) {
            ClientLoss loss = new ClientLoss(LossKind.RESET, String.valueOf(e.getMessage()));
            return isOver(attempt < ATTEMPTS, loss, begun, pod, kept != null);
        } catch (ClientLoss e) {
            return isOver(attempt < ATTEMPTS && isSentAgain(e), e, begun, pod, kept != null);
        }
    }

    private boolean isOver(
            boolean sentAgain, ClientLoss loss, Duration begun, Optional<RehearsedPod> pod, boolean reused) {
        exchange.drop();
        if (!sentAgain) {
            context.ledger().lost(loss(loss, begun, pod, reused));
        }
        return !sentAgain;
    }

    /** A balancer that answers for its pods uses a connection only to those that it still knows. */
    private @Nullable RehearsedPod keptEndpoint() {
        RehearsedPod kept = exchange.kept();
        boolean used = kept != null
                && (context.balancer().keepsConnections() || context.endpoints().has(node, kept));
        if (!used) {
            exchange.drop();
            return null;
        }
        return kept;
    }

    private boolean isSentAgain(ClientLoss loss) throws InterruptedException {
        if (loss.kind() == LossKind.TURNED_AWAY && context.plan().retries503()) {
            return !context.stopped().await(1, TimeUnit.SECONDS);
        }
        return context.balancer().sendsAgain(loss.kind(), request);
    }

    private Loss loss(ClientLoss e, Duration begun, Optional<RehearsedPod> pod, boolean reused) {
        Duration at = context.kubelet().now();
        return new Loss(
                at,
                begun,
                kind,
                e.kind(),
                e.detail(),
                pod.map(RehearsedPod::name).orElse(""),
                pod.map(each -> each.history().phaseAt(at)),
                pod.flatMap(each -> each.history().at(PodEvent.Kind.ENDING)).map(at::minus),
                node,
                reused);
    }
}
