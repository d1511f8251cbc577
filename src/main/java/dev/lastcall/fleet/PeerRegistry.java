package dev.lastcall.fleet;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** The shared store of pod statuses. Each call is asynchronous and ends within its limit, with an answer or a failure. */
interface PeerRegistry {
    /**
     * Publishes a status, which lasts until the next one or its expiry.
     *
     * @param told whether it is a change, of which listeners hear at once
     */
    Uni<Void> leave(PeerStatus sign, boolean told);

    /** The signs that have not expired. */
    Uni<List<PeerStatus>> read();
}
