package dev.lastcall.fleet;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Where pods leave their signs and find the others'. Each call ends within its limit, with an answer or a failure, and blocks nobody. */
interface PeerRegistry {
    /**
     * Leaves a sign, which lasts until the next one or its expiry.
     *
     * @param told whether it is a change, of which listeners hear at once
     */
    Uni<Void> leave(PeerStatus sign, boolean told);

    /** The signs that have not expired. */
    Uni<List<PeerStatus>> read();
}
