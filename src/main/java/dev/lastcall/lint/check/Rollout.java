package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The way a Deployment (of Kubernetes or OpenShift) or an Argo Rollout replaces its pods, in pods: percentages are rounded as Kubernetes
 * does, unavailable down and surge up.
 *
 * @param recreates all at once
 * @param replicas the fewest there are
 */
record Rollout(boolean recreates, long replicas, long unavailable) {
    private static final String DEFAULT_SHARE = "25%";
    private static final int FEW = 3;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern WHOLE = Pattern.compile("[1-9][0-9]{2,}%");
    private static final Pattern SHARE = Pattern.compile("[0-9]{1,4}%");

    /** Returns the rollout of a workload; none where something else decides. */
    static Optional<Rollout> of(Workload workload, Manifests all) {
        OptionalLong replicas = all.replicas(workload);
        Field rolling = rolling(workload);
        boolean steps = workload.isDeployment()
                || workload.setting("strategy", "canary").isPresent();
        if (!steps || replicas.isEmpty()) {
            return Optional.empty();
        }
        long unavailable = pods(rolling.at("maxUnavailable"), replicas.getAsLong(), false);
        long surge = pods(rolling.at("maxSurge"), replicas.getAsLong(), true);
        return Optional.of(new Rollout(
                type(workload).is("Recreate"),
                replicas.getAsLong(),
                // Where both come out as none, Kubernetes takes one away.
                unavailable == 0 && surge == 0 ? 1 : unavailable));
    }

    static Field type(Workload workload) {
        return workload.setting("strategy", "type");
    }

    static Field maxUnavailable(Workload workload) {
        return rolling(workload).at("maxUnavailable");
    }

    static Field rolling(Workload workload) {
        return switch (workload.document().kind()) {
            case "DeploymentConfig" -> workload.setting("strategy", "rollingParams");
            case "Rollout" -> workload.setting("strategy", "canary");
            case "DaemonSet" -> workload.setting("updateStrategy", "rollingUpdate");
            default -> workload.setting("strategy", "rollingUpdate");
        };
    }

    /** Whether there may be a moment without a single ready pod. */
    boolean leavesNone() {
        return replicas > 0 && (recreates || unavailable >= replicas);
    }

    /** Whether more may be missing than where nothing is written, or than the one of three of Kubernetes' own examples. */
    boolean isBold() {
        return replicas > 0 && unavailable > Math.max(replicas < FEW ? 0 : 1, pods(DEFAULT_SHARE, replicas, false));
    }

    /** The one pod goes before its successor comes: there is no other to which the requests could go meanwhile. */
    static boolean isReplacedInPlace(Workload workload, Manifests all) {
        boolean one = all.replicas(workload).equals(OptionalLong.of(1));
        return one
                && (workload.isStatefulSet()
                        || of(workload, all).map(Rollout::leavesNone).orElse(false));
    }

    /** Whether two pods at once could be in each other's way: a volume for one of them, or a port of the node. */
    static boolean forbidsSurge(Workload workload) {
        boolean claims = workload.spec().at("volumes").items().stream()
                .anyMatch(each -> each.at("persistentVolumeClaim").isPresent());
        boolean node = workload.spec().at("hostNetwork").is("true")
                || workload.containers().stream()
                        .flatMap(each -> each.ports().stream())
                        .anyMatch(port -> port.at("hostPort").isPresent());
        return claims || node;
    }

    private static long pods(Field written, long replicas, boolean up) {
        return written.isPresent() ? pods(written.text(), replicas, up) : pods(DEFAULT_SHARE, replicas, up);
    }

    /** Whether 100 % or more are written. */
    static boolean isEveryPod(Field written) {
        return WHOLE.matcher(written.text()).matches();
    }

    /** A number or a share of the pods, as Kubernetes reads it. */
    static long pods(String text, long replicas, boolean up) {
        if (NUMBER.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        if (!SHARE.matcher(text).matches()) {
            return 0;
        }
        long hundredths = replicas * Long.parseLong(text.substring(0, text.length() - 1));
        return up ? (hundredths + 99) / 100 : hundredths / 100;
    }
}
