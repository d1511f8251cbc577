package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.stream.Stream;

/** A pod that is to watch itself in the API server, and gets no token to ask with. */
final class WatchWithoutToken implements Check {
    private static final String MOUNT = "automountServiceAccountToken";

    @Override
    public Stream<Finding> findings(Workload workload, Manifests all) {
        Field place = workload.spec().at(MOUNT);
        boolean kept = place.isPresent()
                ? place.is("false")
                : Watched.account(workload, all)
                        .map(account -> account.root().at(MOUNT).is("false"))
                        .orElse(false);
        return Watched.isWatched(workload, all) && kept && !projectsToken(workload)
                ? Stream.of(finding(workload.document(), place))
                : Stream.empty();
    }

    private static Finding finding(Document document, Field place) {
        return Finding.warning(
                        document,
                        place,
                        "the watch has no token to ask with: the pod's end is told by preStop and signals alone",
                        MOUNT + ": true, and a Role that may list and watch pods")
                .fixedBy(Edit.set(document, place, true));
    }

    /** A volume of one's own has the same files. */
    private static boolean projectsToken(Workload workload) {
        return workload.spec().at("volumes").items().stream()
                .flatMap(volume -> volume.at("projected", "sources").items().stream())
                .anyMatch(source -> source.at("serviceAccountToken").isPresent());
    }
}
