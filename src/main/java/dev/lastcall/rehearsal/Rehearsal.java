package dev.lastcall.rehearsal;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.cluster.Cluster;
import dev.lastcall.rehearsal.cluster.RehearsalFailure;
import dev.lastcall.rehearsal.load.Learned;
import dev.lastcall.rehearsal.load.Learner;
import dev.lastcall.rehearsal.load.Load;
import dev.lastcall.rehearsal.load.LoadKind;
import dev.lastcall.rehearsal.pod.OrphanGuard;
import dev.lastcall.rehearsal.pod.RehearsedPod.Kubelet;
import dev.lastcall.rehearsal.report.RehearsalResult;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One rehearsal: starts the pods, lets clients ask, replaces every pod, and ends all of it. For one thread, but for {@link #close()}. */
final class Rehearsal implements AutoCloseable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final RehearsalPlan plan;
    private final ProgressLine progress;
    private final ExecutorService workers = Executors.newCachedThreadPool(Rehearsal::daemon);
    private final OrphanGuard guard = OrphanGuard.start();
    private final Time time = new SystemTime("rehearsal");
    private final Kubelet kubelet = new Kubelet(time, workers, time.nanoTime(), guard);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Cluster cluster;

    Rehearsal(RehearsalPlan plan, ProgressLine progress) {
        this.plan = plan;
        this.progress = progress;
        this.cluster = new Cluster(
                plan.template(),
                plan.strategy(),
                plan.minReady(),
                plan.withdrawal(),
                kubelet,
                plan.balancer().fallsBackToTerminating());
    }

    private static Thread daemon(Runnable action) {
        Thread thread = new Thread(action, "rehearsal worker");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Rehearses.
     *
     * @throws RehearsalFailure where the program cannot be rehearsed; the message is for the user
     */
    RehearsalResult run() throws RehearsalFailure, InterruptedException {
        tick();
        progress.say("rehearsing " + plan.program() + ": " + plan.settings());
        progress.follow(() -> "starting " + plan.strategy().replicas() + " pods");
        await(cluster.start(), plan.template().startLimit().plus(MARGIN));
        progress.follow(() -> "asking for each request twice, to know a whole answer");
        Map<LoadKind, Learned> learned = new Learner(plan.load(), workers)
                .learn(cluster.pods().iterator().next().port());
        Load load = Load.start(plan.load(), learned, cluster.endpoints(), plan.balancer(), kubelet);
        try {
            closed.await(1, TimeUnit.SECONDS);
            for (int round = 1; round <= plan.rounds(); round++) {
                replaceAll(round, load);
            }
            closed.await(1, TimeUnit.SECONDS);
        } finally {
            progress.follow(() -> "waiting for the last answers");
            load.stop(plan.load().streamTimeout());
            progress.end();
        }
        return new RehearsalResult(
                plan.program(), plan.settings(), kinds(learned), kubelet.now(), load.ledger(), cluster.histories());
    }

    private void replaceAll(int round, Load load) throws RehearsalFailure, InterruptedException {
        int all = plan.rounds() * plan.strategy().replicas();
        progress.follow(() -> "round " + round + " of " + plan.rounds() + ", " + cluster.replaced() + " of " + all
                + " pods replaced, " + load.ledger().ended() + " requests, "
                + load.ledger().lost() + " lost");
        Duration perPod = plan.template().startLimit().plus(plan.minReady());
        Duration limit = perPod.multipliedBy(plan.strategy().replicas())
                .plus(plan.template().grace())
                .plus(plan.withdrawal().to())
                .plus(MARGIN);
        await(cluster.replaceAll(), limit);
    }

    private Map<LoadKind, String> kinds(Map<LoadKind, Learned> learned) {
        Map<LoadKind, String> kinds = new EnumMap<>(LoadKind.class);
        for (Map.Entry<LoadKind, LoadRequest> each : plan.load().requests().entrySet()) {
            Learned known = learned.get(each.getKey());
            boolean events = each.getKey().hasEvents();
            String words = known == null ? "" : events ? ": " + known.events().words() : ": " + known.status();
            kinds.put(each.getKey(), each.getValue() + words);
        }
        return kinds;
    }

    private void tick() {
        // Once it is closed the pods are killed, and what clients lose by that is no news.
        if (closed.getCount() > 0) {
            progress.tick();
            time.schedule(SECOND, this::tick);
        }
    }

    private static void await(CompletableFuture<Void> goal, Duration limit)
            throws RehearsalFailure, InterruptedException {
        try {
            goal.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RehearsalFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new RehearsalFailure("the pods were not replaced within " + limit.toSeconds() + " s");
        }
    }

    /** Ends every process that it has started. Thread-safe, and harmless when called again. */
    @Override
    public void close() {
        closed.countDown();
        cluster.close();
        guard.close();
    }
}
