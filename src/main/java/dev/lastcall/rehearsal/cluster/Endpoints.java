package dev.lastcall.rehearsal.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The pods that each node sends new connections to: nodes learn of a change at different moments. Thread-safe.
 *
 * @param <P> a pod
 */
public final class Endpoints<P> {
    private final List<List<P>> nodes = new ArrayList<>();
    /** Terminating and still serving: for new connections only where a node has no ready one. */
    private final List<List<P>> terminating = new ArrayList<>();

    Endpoints(int nodes) {
        for (int i = 0; i < nodes; i++) {
            this.nodes.add(new CopyOnWriteArrayList<>());
            this.terminating.add(new CopyOnWriteArrayList<>());
        }
    }

    /** Returns the number of nodes. */
    public int nodes() {
        return nodes.size();
    }

    void add(P pod) {
        for (List<P> node : nodes) {
            if (!node.contains(pod)) {
                node.add(pod);
            }
        }
    }

    void remove(int node, P pod) {
        nodes.get(node).remove(pod);
        terminating.get(node).remove(pod);
    }

    /** The pod is not ready any more but serves: from now on it is the node's last resort. */
    void keepForNone(int node, P pod) {
        nodes.get(node).remove(pod);
        terminating.get(node).add(pod);
    }

    /** Whether a node still sends new connections to a pod. */
    public boolean has(int node, P pod) {
        return current(node).contains(pod);
    }

    private List<P> current(int node) {
        return nodes.get(node).isEmpty() ? terminating.get(node) : nodes.get(node);
    }

    /** Picks a pod for a new connection, at random as kube-proxy does; empty where the node has none. */
    public Optional<P> pick(int node, Random random) {
        List<P> current = List.copyOf(current(node));
        return current.isEmpty() ? Optional.empty() : Optional.of(current.get(random.nextInt(current.size())));
    }
}
