package dev.lastcall.rehearsal.cluster;

import dev.lastcall.rehearsal.client.LoadRequest;
import dev.lastcall.rehearsal.client.LossKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How clients come to pods.
 *
 * @param from the shortest delay until a node stops sending new connections to a pod whose end has begun
 * @param to the longest
 * @param keepsConnections whether a connection goes on to a pod that is withdrawn: what balances connections keeps them, what balances
 *     requests sends none to a pod it does not know
 * @param retries whether a request that failed is sent to another pod: one that was not sent, and an idempotent one without an answer
 */
public record Balancer(String name, Duration from, Duration to, boolean keepsConnections, boolean retries) {
    /** Services within a cluster. */
    public static final Balancer KUBE_PROXY = new Balancer("kube-proxy", seconds(0), seconds(2), true, false);

    private static final List<Balancer> ALL = List.of(
            KUBE_PROXY,
            new Balancer("nlb", seconds(60), seconds(120), true, false),
            new Balancer("alb", seconds(5), seconds(15), false, false),
            new Balancer("gclb", seconds(5), seconds(60), false, false),
            new Balancer("nginx", seconds(0), seconds(3), false, true));

    /** Finds one by its name. */
    public static Optional<Balancer> named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** Returns the names of all. */
    public static List<String> names() {
        return ALL.stream().map(Balancer::name).toList();
    }

    private static Duration seconds(long number) {
        return Duration.ofSeconds(number);
    }

    /** Whether it sends a request again that was lost in this way. */
    public boolean sendsAgain(LossKind kind, LoadRequest request) {
        return retries && (kind == LossKind.REFUSED || (kind == LossKind.RESET && request.isIdempotent()));
    }
}
