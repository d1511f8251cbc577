package dev.lastcall.lint;

import java.util.Optional;

/**
 * How a Deployment replaces its pods, in pods: percentages are rounded as Kubernetes does, unavailable down and surge up.
 *
 * @param recreates all at once
 */
record Rollout(boolean recreates, long replicas, long unavailable) {
    private static final String DEFAULT_SHARE = "25%";

    /** None where something else than a Deployment decides. */
    static Optional<Rollout> of(Workload workload, Manifests all) {
        if (!workload.isDeployment()) {
            return Optional.empty();
        }
        Field spec = workload.document().root().at("spec");
        long replicas = spec.at("replicas").number().orElse(all.isAutoscaled(workload.document()) ? 2 : 1);
        Field rolling = spec.at("strategy", "rollingUpdate");
        long unavailable = pods(rolling.at("maxUnavailable"), replicas, false);
        long surge = pods(rolling.at("maxSurge"), replicas, true);
        return Optional.of(new Rollout(
                type(workload).is("Recreate"),
                replicas,
                // Where both come out as none, Kubernetes takes one away.
                unavailable == 0 && surge == 0 ? 1 : unavailable));
    }

    static Field type(Workload workload) {
        return workload.document().root().at("spec", "strategy", "type");
    }

    static Field maxUnavailable(Workload workload) {
        return workload.document().root().at("spec", "strategy", "rollingUpdate", "maxUnavailable");
    }

    /** Whether there may be a moment without a single ready pod. */
    boolean leavesNone() {
        return replicas > 0 && (recreates || unavailable >= replicas);
    }

    private static long pods(Field written, long replicas, boolean up) {
        String text = written.isPresent() ? written.text() : DEFAULT_SHARE;
        if (!text.matches("[0-9]{1,4}%")) {
            return written.number().orElse(0);
        }
        long hundredths = replicas * Long.parseLong(text.substring(0, text.length() - 1));
        return up ? (hundredths + 99) / 100 : hundredths / 100;
    }
}
