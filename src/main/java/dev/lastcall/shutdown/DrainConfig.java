package dev.lastcall.shutdown;

import dev.lastcall.config.Range;
import dev.lastcall.drain.DrainProfile;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The numbers of the drain. Durations as {@code 30s}, {@code 500ms}, {@code 2m} or {@code PT30S}; a bare number is seconds. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.drain")
public interface DrainConfig {
    /**
     * The pod's {@code terminationGracePeriodSeconds}: the one budget that preStop and SIGTERM share. Longer lets more work end by itself
     * and makes each rollout slower; longer than the manifest's, and the kubelet kills what we still wait for.
     */
    @WithDefault("30s")
    Duration gracePeriod();

    /**
     * The kind of load balancer that sends the clients: its numbers of {@code grace-period}, {@code lame-duck.min} and {@code lame-duck.max}
     * hold where you set none. The manifest's {@code terminationGracePeriodSeconds} has to be that grace period.
     */
    Optional<DrainProfile> profile();

    /** Kept free between our deadline and the kubelet's kill. Less gives the work more time and a late timer less. */
    @WithDefault("1s")
    @Range(min = "0s")
    Duration exitMargin();

    /**
     * {@code flip}: NOT READY from the first trigger on. {@code keep}: stays ready in the lame duck of a termination trigger, for balancers
     * that drop open connections of a backend that is not ready; Kubernetes withdraws a terminating pod's endpoint without it.
     */
    @WithDefault("flip")
    Readiness readiness();

    LameDuckConfig lameDuck();

    /**
     * Starts of the User-Agent of probes and scrapers: served and counted, but no sign that clients still come. One missing here makes
     * every lame duck last {@code lame-duck.max}.
     */
    @WithDefault("kube-probe,ELB-HealthChecker,GoogleHC,Envoy/HC,Prometheus")
    List<String> quietIgnores();

    /**
     * How long streams, WebSockets and TCP connections may go on after the lame duck before they are told to end; unset: until CANCELLING.
     * Shorter makes rollouts faster where streams never end by themselves.
     */
    @Range(min = "0s")
    Optional<Duration> streamPatience();

    /** The time from telling everything to end until cutting it, for last events. Taken from the time in which work may end by itself. */
    @WithDefault("3s")
    @Range(min = "0s")
    Duration cancelReserve();

    /** The time for the ordered release after the last request. Less than 1.5 s also shortens what a late release is granted at least. */
    @WithDefault("4s")
    @Range(min = "0s")
    Duration releaseReserve();

    /**
     * {@code reject}: new requests get 503 after the lame duck. {@code serve}: they are served until CANCELLING, for clients that cannot
     * retry; under constant traffic such a drain then never ends before it.
     */
    @WithDefault("reject")
    AfterLameDuck afterLameDuck();

    /** The time in which requests are still served while the endpoints are being withdrawn. */
    interface LameDuckConfig {
        /** The shortest lame duck, whatever the traffic: at least the time until the slowest kube-proxy has withdrawn the endpoint. */
        @WithDefault("2s")
        @Range(min = "0s")
        Duration min();

        /** Time without a new request that ends it early; raised to five mean gaps between the requests of the last minute. */
        @WithDefault("1s")
        @Range(min = "0s")
        Duration quietPeriod();

        /** Its longest length under a termination trigger; with too few requests to judge quiet by, its length. 0 skips the lame duck. */
        @WithDefault("10s")
        @Range(min = "0s")
        Duration max();
    }

    /** The answers of the readiness probe in the lame duck. */
    enum Readiness {
        FLIP,
        KEEP
    }

    /** The treatment of requests after the lame duck. */
    enum AfterLameDuck {
        REJECT,
        SERVE
    }
}
