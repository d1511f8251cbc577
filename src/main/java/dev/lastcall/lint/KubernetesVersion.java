package dev.lastcall.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Of the cluster the manifests are meant for. */
record KubernetesVersion(int major, int minor) {
    /** What manifests are linted for where nobody says. */
    static final KubernetesVersion RECENT = new KubernetesVersion(1, 33);

    private static final Pattern WRITTEN = Pattern.compile("v?([0-9]{1,3})\\.([0-9]{1,3})(\\..*)?");

    /** @throws UnreadableManifest naming what was expected */
    static KubernetesVersion parse(String text) throws UnreadableManifest {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new UnreadableManifest("--kubernetes=" + text + " (expected: a version, as in --kubernetes=1.28)");
        }
        return new KubernetesVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** On by default since 1.29. */
    boolean hasNativeSidecars() {
        return major > 1 || minor >= 29;
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
