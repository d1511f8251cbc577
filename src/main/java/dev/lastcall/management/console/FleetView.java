package dev.lastcall.management.console;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page about all pods.
 *
 * @param self the instance that answers
 * @param peersShared whether there is a Redis to see others by
 * @param pastShared whether there is a PostgreSQL to remember others by
 * @param past the last drains; null where PostgreSQL did not answer
 */
public record FleetView(
        String self,
        List<Peer> peers,
        boolean peersShared,
        @Nullable List<PastDrain> past,
        boolean pastShared) {}
