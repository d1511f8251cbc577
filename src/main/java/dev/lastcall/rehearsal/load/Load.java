package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.Endpoints;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import dev.lastcall.rehearsal.pod.RehearsedPod.Kubelet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** The users of a rehearsal. Thread-safe. */
public final class Load {
    private final LoadContext context;
    private final List<Thread> threads = new ArrayList<>();

    private Load(LoadContext context) {
        this.context = context;
    }

    /** Starts all users. */
    public static Load start(
            LoadPlan plan,
            Map<LoadKind, Learned> learned,
            Endpoints<RehearsedPod> endpoints,
            Balancer balancer,
            Kubelet kubelet) {
        LoadContext context =
                new LoadContext(plan, learned, endpoints, balancer, new LoadLedger(), kubelet, new CountDownLatch(1));
        Load load = new Load(context);
        plan.requests().keySet().stream().sorted().forEach(load::startUsers);
        return load;
    }

    private void startUsers(LoadKind kind) {
        for (int i = 0; i < context.plan().users(); i++) {
            int node = threads.size() % context.endpoints().nodes();
            Random random = new Random(threads.size());
            LoadUser.Exchange exchange =
                    switch (kind) {
                        case WEBSOCKET -> new WebSocketExchange(context);
                        case RUNS -> new RunExchange(context, node, random);
                        case GRPC -> new GrpcExchange(context, i % 2 == 1);
                        default -> new HttpExchange(kind, context, i % 2 == 1);
                    };
            LoadUser user = new LoadUser(kind, context, node, random, exchange);
            Thread thread = new Thread(user, kind.words() + " user " + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Returns what the users got and lost so far. */
    public LoadLedger ledger() {
        return context.ledger();
    }

    /** Lets every user end what it has begun, and returns when all have, or when the limit has passed. */
    public void stop(Duration limit) throws InterruptedException {
        context.stopped().countDown();
        long deadline = System.nanoTime() + limit.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }
}
