package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.Endpoints;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import dev.lastcall.rehearsal.pod.RehearsedPod.Kubelet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What all users share. */
record LoadContext(
        LoadPlan plan,
        Map<LoadKind, Learned> learned,
        Endpoints<RehearsedPod> endpoints,
        Balancer balancer,
        LoadLedger ledger,
        Kubelet kubelet,
        CountDownLatch stopped) {

    /** What the answers to this kind of request are known to be. */
    Learned known(LoadKind kind) {
        Learned known = learned.get(kind);
        if (known == null) {
            throw new IllegalStateException(kind + " (expected: one that was learned)");
        }
        return known;
    }
}
