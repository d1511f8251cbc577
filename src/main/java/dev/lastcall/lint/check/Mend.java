package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Container;
import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.KubernetesVersion;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Setting;
import dev.lastcall.lint.manifest.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes and advice that several checks give. */
final class Mend {
    /** The header by which the service tells a hook from a page in a browser. */
    static final String OUR_HEADER = "X-Lastcall-Pre-Stop";

    static final String OUR_HOOK =
            "httpGet " + Container.PRE_STOP_PATH + " on port 9000, with the header " + OUR_HEADER + ": 1";

    /** The kubelet's own sleep, on by default since then. */
    static final int SLEEP_SINCE = 30;

    private static final long SLEEP = 10;

    private Mend() {}

    /** A preStop that asks Lastcall. */
    static Edit ourHook(Workload workload, Container container) {
        return Edit.set(
                workload.document(),
                container.preStop(),
                Map.of(
                        "httpGet",
                        Map.of(
                                "path",
                                Container.PRE_STOP_PATH,
                                "port",
                                Container.MANAGEMENT_PORT,
                                "httpHeaders",
                                List.of(Map.of("name", OUR_HEADER, "value", "1")))));
    }

    /** Returns how long a pod should wait for late requests; a short grace period is not spent on that alone. */
    static long sleep(Workload workload) {
        return Math.max(1, Math.min(SLEEP, workload.graceSeconds() / 2));
    }

    /** Returns the advice for a pod without Lastcall: Kubernetes' own means first. */
    static String hookAdvice(Workload workload, KubernetesVersion cluster) {
        long seconds = sleep(workload);
        String own = cluster.has(SLEEP_SINCE)
                ? "preStop: {sleep: {seconds: " + seconds + "}}"
                : "preStop: {exec: {command: [sleep, \"" + seconds + "\"]}}, where the image has sleep";
        return own + " outlasts the withdrawal; Lastcall beside it waits for the requests themselves";
    }

    /** The finding with the kubelet's own sleep as its answer, where the cluster knows it. */
    static Finding withSleep(Finding finding, Workload workload, Container container, KubernetesVersion cluster) {
        return cluster.has(SLEEP_SINCE)
                ? finding.fixedBy(Edit.set(
                        workload.document(), container.preStop(), Map.of("sleep", Map.of("seconds", sleep(workload)))))
                : finding;
    }

    /** Gives a key of ours a value where the manifests set it now; none where that is inside another text, or not among the files. */
    static Optional<Edit> setting(Workload workload, Manifests all, String key, String value) {
        Optional<ContainerSettings> settings = workload.settings(all);
        Optional<Container> lastcall = workload.lastcall();
        if (settings.isEmpty() || lastcall.isEmpty()) {
            return Optional.empty();
        }
        Optional<Setting> written = settings.get().get(key);
        if (written.isPresent()) {
            return written.filter(each ->
                            each.document().isKubernetes() && each.place().is(each.value()))
                    .map(each -> Edit.set(each.document(), each.place(), value));
        }
        return settings.get().unseen().isEmpty()
                ? Optional.of(Edit.variable(
                        workload.document(), lastcall.get().field(), ContainerSettings.variable(key), value))
                : Optional.empty();
    }
}
