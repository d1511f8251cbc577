package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.LossKind;
import dev.lastcall.rehearsal.pod.PodPhase;
import java.time.Duration;
import java.util.Optional;

/**
 * One answer that a client did not get.
 *
 * @param at when the client noticed, since the rehearsal's start
 * @param begun when it had sent the request
 * @param pod empty where there was no endpoint
 * @param phase of the pod when the client noticed
 * @param sinceEnd from the begin of the pod's end until the client noticed
 * @param reused whether the connection had carried another request before
 */
public record Loss(
        Duration at,
        Duration begun,
        LoadKind load,
        LossKind kind,
        String detail,
        String pod,
        Optional<PodPhase> phase,
        Optional<Duration> sinceEnd,
        int node,
        boolean reused) {}
