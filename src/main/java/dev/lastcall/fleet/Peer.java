package dev.lastcall.fleet;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Another pod, or this one, as it published itself last.
 *
 * @param instance which process of the pod
 * @param state of its drain
 * @param startedAt when its drain began; null while it serves
 * @param deadline when it must be gone; null where nothing terminates it
 * @param inFlight how much it still had to do
 * @param age of all this, by this pod's clock: since it was first seen here
 * @param console the address of its console; null where it is not known
 */
public record Peer(
        String pod,
        String instance,
        String state,
        boolean ready,
        @Nullable Instant startedAt,
        @Nullable Instant deadline,
        long inFlight,
        Duration age,
        @Nullable String console) {}
