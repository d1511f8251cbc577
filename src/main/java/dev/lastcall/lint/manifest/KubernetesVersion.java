package dev.lastcall.lint.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of the cluster that the manifests are for. */
public record KubernetesVersion(int major, int minor) {
    /** The default version. */
    public static final KubernetesVersion RECENT = new KubernetesVersion(1, 33);

    private static final Pattern WRITTEN = Pattern.compile("v?([0-9]{1,3})\\.([0-9]{1,3})(\\..*)?");

    /**
     * Reads a version as people write it.
     *
     * @throws UnreadableManifest naming what was expected
     */
    public static KubernetesVersion parse(String text) throws UnreadableManifest {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new UnreadableManifest("--kubernetes=" + text + " (expected: a version, as in --kubernetes=1.28)");
        }
        return new KubernetesVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** Whether it has what came, switched on by default, with this minor version of Kubernetes 1. */
    public boolean has(int since) {
        return major > 1 || minor >= since;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
