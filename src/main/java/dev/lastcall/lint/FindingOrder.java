package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.List;

/**
 * What the command line asks for.
 *
 * @param places files, directories, or {@code -}
 */
record FindingOrder(List<String> places, KubernetesVersion cluster, boolean wantsHelp) {
    private static final String CLUSTER = "--kubernetes=";

    static FindingOrder of(List<String> arguments) throws UnreadableManifest {
        List<String> places = new ArrayList<>();
        KubernetesVersion cluster = KubernetesVersion.RECENT;
        boolean help = false;
        for (String argument : arguments) {
            if (argument.startsWith(CLUSTER)) {
                cluster = KubernetesVersion.parse(argument.substring(CLUSTER.length()));
            } else if (argument.equals("--help") || argument.equals("-h")) {
                help = true;
            } else if (argument.startsWith("-") && argument.length() > 1) {
                throw new UnreadableManifest(argument + " (expected: an option of lint)");
            } else {
                places.add(argument);
            }
        }
        if (places.isEmpty() && !help) {
            throw new UnreadableManifest("nothing to lint (expected: a manifest or a directory with manifests)");
        }
        return new FindingOrder(List.copyOf(places), cluster, help);
    }
}
