package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.PodConnection;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import org.jspecify.annotations.Nullable;

/** A connection that is used again for the next request, and the pod that it leads to. For one thread. */
final class KeptConnection<C extends PodConnection> {
    private final Opening<C> opening;
    private @Nullable C connection;
    private @Nullable RehearsedPod pod;

    /** Opens a connection to a port of this machine. */
    interface Opening<C> {
        C open(int port) throws ClientLoss;
    }

    KeptConnection(Opening<C> opening) {
        this.opening = opening;
    }

    /** The pod that the next request would go to; null where it needs another connection. */
    @Nullable
    RehearsedPod pod() {
        return connection != null && connection.isUsable() ? pod : null;
    }

    /** Returns the one that there is, or opens one to this pod. */
    C to(RehearsedPod target) throws ClientLoss {
        C used = connection;
        if (used == null) {
            used = opening.open(target.port());
            connection = used;
            pod = target;
        }
        return used;
    }

    void drop() {
        if (connection != null) {
            connection.close();
        }
        connection = null;
        pod = null;
    }
}
