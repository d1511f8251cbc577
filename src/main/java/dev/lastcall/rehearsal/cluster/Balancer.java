package dev.lastcall.rehearsal.cluster;

import dev.lastcall.drain.DrainProfile;
import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The load balancer by which clients come to pods.
 *
 * @param profile its name, and how slowly pods are withdrawn from it
 * @param keepsConnections whether a connection goes on to a pod that is withdrawn: what balances connections keeps them, what balances
 *     requests sends none to a pod it does not know
 * @param retries whether a request that failed is sent to another pod: one that was not sent, and an idempotent one without an answer
 */
public record Balancer(DrainProfile profile, boolean keepsConnections, boolean retries) {
    /** Services within a cluster. */
    public static final Balancer KUBE_PROXY = new Balancer(DrainProfile.KUBE_PROXY, true, false);

    private static final List<Balancer> ALL = List.of(
            KUBE_PROXY,
            new Balancer(DrainProfile.NGINX, false, true),
            new Balancer(DrainProfile.ENVOY, false, false),
            new Balancer(DrainProfile.ALB, false, false),
            new Balancer(DrainProfile.GCLB, false, false),
            new Balancer(DrainProfile.AZURE, false, false),
            new Balancer(DrainProfile.NLB, true, false));

    /** Finds one by its name. */
    public static Optional<Balancer> named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Returns the names of all. */
    public static List<String> names() {
        return ALL.stream().map(Balancer::name).toList();
    }

    /** The name as users write it. */
    public String name() {
        return profile.key();
    }

    /** The shortest delay until a node stops sending new connections to a pod whose end has begun. */
    public Duration from() {
        return profile.from();
    }

    /** The longest. */
    public Duration to() {
        return profile.to();
    }

    /** Whether it sends new connections to pods that are ending and still ready where no other is left. */
    public boolean fallsBackToTerminating() {
        return profile == DrainProfile.KUBE_PROXY;
    }

    /** Whether it sends a request again that was lost in this way. */
    public boolean sendsAgain(LossKind kind, LoadRequest request) {
        return retries && (kind == LossKind.REFUSED || (kind == LossKind.RESET && request.isIdempotent()));
    }
}
