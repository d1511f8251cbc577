package dev.lastcall.rehearsal;

import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Workload;

/**
 * The update strategy of a manifest, in pods; percentages are rounded as Kubernetes does, surge up and unavailable down.
 *
 * @param recreate whether all old pods go first
 */
record ManifestStrategy(int replicas, int surge, int unavailable, boolean recreate) {
    private static final String SHARE = "25%";

    static ManifestStrategy of(Workload workload, int replicas) {
        if (!workload.isDeployment()) {
            // One after the other, each old one first.
            return new ManifestStrategy(replicas, 0, 1, false);
        }
        if (workload.setting("strategy", "type").is("Recreate")) {
            return new ManifestStrategy(replicas, 0, 0, true);
        }
        String rolling = workload.document().kind().equals("DeploymentConfig") ? "rollingParams" : "rollingUpdate";
        int surge = pods(workload.setting("strategy", rolling, "maxSurge"), replicas, true);
        int unavailable = pods(workload.setting("strategy", rolling, "maxUnavailable"), replicas, false);
        return new ManifestStrategy(replicas, surge, surge == 0 && unavailable == 0 ? 1 : unavailable, false);
    }

    private static int pods(Field written, int replicas, boolean up) {
        String text = written.isPresent() ? written.text() : SHARE;
        if (text.matches("[0-9]{1,6}")) {
            return Integer.parseInt(text);
        }
        if (!text.matches("[0-9]{1,4}%")) {
            return 0;
        }
        int hundredths = replicas * Integer.parseInt(text.substring(0, text.length() - 1));
        return up ? (hundredths + 99) / 100 : hundredths / 100;
    }
}
