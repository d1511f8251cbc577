package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.cluster.Balancer;
import dev.lastcall.rehearsal.cluster.Endpoints;
import dev.lastcall.rehearsal.pod.RehearsedPod;
import dev.lastcall.rehearsal.pod.RehearsedPod.Kubelet;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The objects that all users of the load share. */
record LoadContext(
        LoadPlan plan,
        Map<LoadKind, Learned> learned,
        Endpoints<RehearsedPod> endpoints,
        Balancer balancer,
        LoadLedger ledger,
        Kubelet kubelet,
        CountDownLatch stopped) {

    /** Returns the answer that this kind of request is known to get. */
    Learned known(LoadKind kind) {
        Learned known = learned.get(kind);
        if (known == null) {
            throw new IllegalStateException(kind + " (expected: one that was learned)");
        }
        return known;
    }
}
