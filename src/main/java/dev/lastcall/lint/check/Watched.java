package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.ContainerSettings;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Manifests;
import dev.lastcall.lint.manifest.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The account and the rights at the API server that a workload's settings need. */
final class Watched {
    private static final String PREFIX = "lastcall.kubernetes.";

    private Watched() {}

    /**
     * A right of an account in its namespace.
     *
     * @param resource of the core group
     */
    record Right(String verb, String resource) {}

    static boolean isWatched(Workload workload, Manifests all) {
        return workload.settings(all).map(each -> isOn(each, "watch")).orElse(false);
    }

    /** The rights that its pods need. */
    static List<Right> rights(Workload workload, Manifests all) {
        List<Right> rights = new ArrayList<>();
        rights.add(new Right("list", "pods"));
        rights.add(new Right("watch", "pods"));
        workload.settings(all).ifPresent(settings -> {
            if (isOn(settings, "deletion-cost")) {
                rights.add(new Right("patch", "pods"));
            }
            if (settings.get(PREFIX + "readiness-gate").isPresent()) {
                rights.add(new Right("patch", "pods/status"));
            }
        });
        return rights;
    }

    private static boolean isOn(ContainerSettings settings, String key) {
        return settings.get(PREFIX + key)
                .map(each -> each.value().strip().matches("(?i)true|yes|on|1|y"))
                .orElse(false);
    }

    /** The pods' account, where it is among the manifests. */
    static Optional<Document> account(Workload workload, Manifests all) {
        String named = workload.spec().at("serviceAccountName").text();
        String name = named.isEmpty() ? "default" : named;
        return all.documents().stream()
                .filter(each ->
                        each.kind().equals("ServiceAccount") && each.name().equals(name))
                .filter(each -> each.namespace().isEmpty()
                        || workload.document().namespace().isEmpty()
                        || each.namespace().equals(workload.document().namespace()))
                .findFirst();
    }
}
