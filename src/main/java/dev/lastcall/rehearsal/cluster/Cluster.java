package dev.lastcall.rehearsal.cluster;

import dev.lastcall.rehearsal.pod.PodEvent;
import dev.lastcall.rehearsal.pod.PodHistory;
import dev.lastcall.rehearsal.pod.PodListener;
import dev.lastcall.rehearsal.pod.PodTemplate;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import dev.lastcall.rehearsal.pod.RehearsedPod.Kubelet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Starts pods and replaces them, as a Deployment's controller and the nodes' kube-proxies do. Thread-safe. */
public final class Cluster implements PodListener, AutoCloseable {
    private static final int NODES = 3;

    private final PodTemplate template;
    private final RollingUpdate strategy;
    private final Duration minReady;
    private final Withdrawal withdrawal;
    private final Kubelet kubelet;
    private final boolean fallsBack;
    private final Endpoints<RehearsedPod> endpoints = new Endpoints<>(NODES);
    private final List<PodHistory> histories = new CopyOnWriteArrayList<>();
    private final Set<RehearsedPod> all = ConcurrentHashMap.newKeySet();

    // On the timer's thread alone.
    private final Set<RehearsedPod> old = new LinkedHashSet<>();
    private final Set<RehearsedPod> fresh = new LinkedHashSet<>();
    private final Set<RehearsedPod> ready = new HashSet<>();
    private final Set<RehearsedPod> available = new HashSet<>();
    private final Set<RehearsedPod> leaving = new HashSet<>();
    /** Leaving, and ready for whoever still asks. */
    private final Set<RehearsedPod> serving = new HashSet<>();

    private CompletableFuture<Void> goal = CompletableFuture.completedFuture(null);
    private @Nullable RehearsalFailure failure;
    private volatile boolean closed;
    private final AtomicInteger replaced = new AtomicInteger();

    /**
     * Starts nothing yet.
     *
     * @param minReady {@code minReadySeconds}
     * @param fallsBack whether nodes send to pods that are ending and still ready where no other is left
     */
    public Cluster(
            PodTemplate template,
            RollingUpdate strategy,
            Duration minReady,
            Withdrawal withdrawal,
            Kubelet kubelet,
            boolean fallsBack) {
        this.fallsBack = fallsBack;
        this.template = template;
        this.strategy = strategy;
        this.minReady = minReady;
        this.withdrawal = withdrawal;
        this.kubelet = kubelet;
    }

    /** Starts the replicas; the future ends when all of them are ready, or with a {@link RehearsalFailure}. */
    public CompletableFuture<Void> start() {
        return pursue(() -> {});
    }

    /** Replaces every pod; the future ends when the last old one has gone, or with a {@link RehearsalFailure}. */
    public CompletableFuture<Void> replaceAll() {
        return pursue(() -> {
            old.addAll(fresh);
            fresh.clear();
        });
    }

    private CompletableFuture<Void> pursue(Runnable change) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        kubelet.time().schedule(Duration.ZERO, () -> {
            goal = next;
            if (failure != null) {
                next.completeExceptionally(failure);
                return;
            }
            change.run();
            reconcile();
        });
        return next;
    }

    /** Returns the pods that new connections are sent to. */
    public Endpoints<RehearsedPod> endpoints() {
        return endpoints;
    }

    /** Returns the histories of all pods, in the order of their start. */
    public List<PodHistory> histories() {
        return List.copyOf(histories);
    }

    /** Returns how many pods have been replaced. */
    public int replaced() {
        return replaced.get();
    }

    /** Returns the pods that are there. */
    public Collection<RehearsedPod> pods() {
        return List.copyOf(all);
    }

    private void reconcile() {
        if (closed || goal.isDone()) {
            return;
        }
        RollingUpdate.Count count = new RollingUpdate.Count(old.size(), fresh.size(), available.size(), leaving.size());
        endOld(strategy.toEnd(count));
        count = new RollingUpdate.Count(old.size(), fresh.size(), available.size(), leaving.size());
        for (int i = strategy.toStart(count); i > 0 && !goal.isDone(); i--) {
            startPod();
        }
        if (old.isEmpty() && leaving.isEmpty() && available.size() == strategy.replicas()) {
            goal.complete(null);
        }
    }

    private void startPod() {
        String name = "pod-" + (histories.size() + 1);
        try {
            RehearsedPod pod = RehearsedPod.start(name, template, kubelet, this);
            all.add(pod);
            fresh.add(pod);
            histories.add(pod.history());
            if (closed) {
                pod.discard();
            }
        } catch (IOException e) {
            goal.completeExceptionally(new RehearsalFailure(
                    String.join(" ", template.command()) + " cannot be started: " + e.getMessage()));
        }
    }

    private void endOld(int number) {
        // Those that are not available go first, as the controller has it.
        List<RehearsedPod> order = new ArrayList<>(old);
        order.sort((one, other) -> Boolean.compare(available.contains(one), available.contains(other)));
        order.stream().limit(number).forEach(this::end);
    }

    private void end(RehearsedPod pod) {
        old.remove(pod);
        if (ready.remove(pod) && fallsBack) {
            serving.add(pod);
        }
        available.remove(pod);
        leaving.add(pod);
        pod.end();
        withdraw(pod);
    }

    private void withdraw(RehearsedPod pod) {
        Duration[] delays = withdrawal.delays(numberOf(pod), endpoints.nodes());
        Duration first = delays[0];
        Duration last = delays[0];
        for (int node = 0; node < delays.length; node++) {
            int from = node;
            kubelet.time().schedule(delays[node], () -> {
                // It may have become ready again meanwhile.
                if (serving.contains(pod)) {
                    endpoints.keepForNone(from, pod);
                } else if (!ready.contains(pod)) {
                    endpoints.remove(from, pod);
                }
            });
            first = first.compareTo(delays[node]) < 0 ? first : delays[node];
            last = last.compareTo(delays[node]) > 0 ? last : delays[node];
        }
        if (leaving.contains(pod)) {
            kubelet.time().schedule(first, () -> note(pod, PodEvent.Kind.FIRST_WITHDRAWN));
            kubelet.time().schedule(last, () -> {
                note(pod, PodEvent.Kind.WITHDRAWN);
                if (!all.contains(pod)) {
                    leaving.remove(pod);
                    reconcile();
                }
            });
        }
    }

    private void note(RehearsedPod pod, PodEvent.Kind kind) {
        pod.history().add(kind, kubelet.now(), "");
    }

    private static int numberOf(RehearsedPod pod) {
        return Integer.parseInt(pod.name().substring("pod-".length()));
    }

    @Override
    public void ready(RehearsedPod pod) {
        ready.add(pod);
        endpoints.add(pod);
        kubelet.time().schedule(minReady, () -> {
            if (ready.contains(pod) && (old.contains(pod) || fresh.contains(pod))) {
                available.add(pod);
                reconcile();
            }
        });
    }

    @Override
    public void unready(RehearsedPod pod) {
        ready.remove(pod);
        available.remove(pod);
        withdraw(pod);
    }

    /** Each node hears of it as late as of anything. */
    @Override
    public void unserving(RehearsedPod pod) {
        if (serving.remove(pod)) {
            Duration[] delays = withdrawal.delays(numberOf(pod), endpoints.nodes());
            for (int node = 0; node < delays.length; node++) {
                int from = node;
                kubelet.time().schedule(delays[node], () -> endpoints.remove(from, pod));
            }
        }
    }

    @Override
    public void gone(RehearsedPod pod) {
        unserving(pod);
        all.remove(pod);
        replaced.incrementAndGet();
        // Its address is still known to the nodes until the last has withdrawn it.
        if (pod.history().at(PodEvent.Kind.WITHDRAWN).isPresent()) {
            leaving.remove(pod);
            reconcile();
        }
    }

    @Override
    public void failed(RehearsedPod pod, String why) {
        RehearsalFailure found =
                new RehearsalFailure(pod.name() + " (" + String.join(" ", template.command()) + "): " + why);
        // Its last words may still be on their way.
        kubelet.workers().execute(() -> {
            found.addLines(pod.lastLines());
            kubelet.time().schedule(Duration.ZERO, () -> {
                failure = failure == null ? found : failure;
                goal.completeExceptionally(failure);
            });
        });
    }

    /** Ends every process. */
    @Override
    public void close() {
        closed = true;
        all.forEach(RehearsedPod::discard);
    }
}
