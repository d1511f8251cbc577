package dev.lastcall.fleet;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The configuration of a fleet: pods that share a PostgreSQL or a Redis, and publish their drains there. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.fleet")
public interface FleetConfig {
    /**
     * The fleet's name: pods with the same name on the same Redis see each other. Another name keeps two deployments that share a Redis
     * apart; pods that share a PostgreSQL are one fleet in any case, as they share its runs.
     */
    @WithDefault("lastcall")
    @Format(Form.NAME)
    String name();

    /** This pod's name among the others; unset: the host's name ({@code HOSTNAME}), which is the pod's in Kubernetes. */
    @Format(Form.HOST_NAME)
    Optional<String> pod();

    /**
     * The address at which people reach this pod's console, as in {@code https://pods.example/lastcall-7d9f}: the others' page of a rollout
     * links to it. Unset: the host's own address and the management port, which is right within the cluster.
     */
    @Format(Form.HTTP_URL)
    Optional<String> console();

    /**
     * How often a pod publishes its state on Redis and reads the others'; a change of the state is published at once. Shorter shows more
     * and costs Redis a handful of commands a pod each time. A pod that is silent for five of these is gone.
     */
    @WithDefault("2s")
    @Range(min = "100ms", max = "5m")
    Duration refresh();

    /** How long a past drain is kept in PostgreSQL or Redis. */
    @WithDefault("30d")
    @Range(min = "1s", max = "3650d")
    Duration retention();
}
