package dev.lastcall.rehearsal.cluster;

import dev.lastcall.rehearsal.pod.RehearsedPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** The pods that each node sends new connections to: nodes learn of a change at different moments. Thread-safe. */
public final class Endpoints {
    private final List<List<RehearsedPod>> nodes = new ArrayList<>();

    Endpoints(int nodes) {
        for (int i = 0; i < nodes; i++) {
            this.nodes.add(new CopyOnWriteArrayList<>());
        }
    }

    /** Returns the number of nodes. */
    public int nodes() {
        return nodes.size();
    }

    void add(RehearsedPod pod) {
        for (List<RehearsedPod> node : nodes) {
            if (!node.contains(pod)) {
                node.add(pod);
            }
        }
    }

    void remove(int node, RehearsedPod pod) {
        nodes.get(node).remove(pod);
    }

    /** Whether a node still sends new connections to a pod. */
    public boolean has(int node, RehearsedPod pod) {
        return nodes.get(node).contains(pod);
    }

    /** Picks a pod for a new connection, at random as kube-proxy does; empty where the node has none. */
    public Optional<RehearsedPod> pick(int node, Random random) {
        Object[] current = nodes.get(node).toArray();
        return current.length == 0
                ? Optional.empty()
                : Optional.of((RehearsedPod) current[random.nextInt(current.length)]);
    }
}
