package dev.lastcall.kubernetes;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The configuration of this pod's requests to the API server. Without rights, or without an API server, everything works as if this were off. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.kubernetes")
interface KubernetesConfig {
    /**
     * Watches this pod's own object: the drain starts when the pod is deleted, evicted or ended by its kubelet, also where preStop does not
     * arrive, and keeps to a grace period that is shorter than {@code grace-period}. Needs the account's token and the right to list and
     * watch pods; costs the API server one connection for each pod.
     */
    @WithDefault("false")
    boolean watch();

    /** This pod's name; unset: {@code POD_NAME} or {@code HOSTNAME}, which is the pod's name unless the pod has a hostname of its own. */
    @Format(Form.HOST_NAME)
    Optional<String> pod();

    /** The folder with {@code token}, {@code ca.crt} and {@code namespace}, as the kubelet mounts it. Read for each request: tokens rotate. */
    @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount")
    @Format(Form.FILE_PATH)
    String serviceAccount();

    /**
     * Keeps the annotation {@code controller.kubernetes.io/pod-deletion-cost} at the number of runs, streams and connections in flight, so that a
     * ReplicaSet that shrinks takes the idle pod. Needs the watch and the right to patch pods.
     */
    @WithDefault("false")
    boolean deletionCost();

    /** The least time between two changes of that annotation; it is written only where the number has doubled or halved. */
    @WithDefault("30s")
    @Range(min = "1s", max = "1h")
    Duration deletionCostInterval();

    /**
     * The type of a pod condition that is True while the drain lets the pod be ready, as in {@code lastcall.dev/serving}: for the manifest's
     * {@code readinessGates}. Such a pod is not ready before the API server has answered. Needs the watch and the right to patch pods/status.
     */
    @Format(Form.TEXT)
    Optional<String> readinessGate();
}
