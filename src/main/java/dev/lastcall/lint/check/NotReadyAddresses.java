package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import java.util.stream.Stream;

/** Finds Services that send to pods that are not ready: to those that start, and to those that end. */
final class NotReadyAddresses implements Check {
    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        Field place = object.root().at("spec", "publishNotReadyAddresses");
        // A headless one introduces the members of a cluster to each other, who must meet before they are ready.
        boolean balances = object.kind().equals("Service")
                && object.group().isEmpty()
                && !object.root().at("spec", "clusterIP").is("None")
                && all.targets(object).stream().anyMatch(each -> !each.isStatefulSet());
        return balances && place.is("true")
                ? Stream.of(Finding.warning(
                                object,
                                place,
                                "requests go to pods that have not started and to pods that end",
                                "leave it to a headless Service of its own for the members of a cluster")
                        .fixedBy(Edit.remove(object, place)))
                : Stream.empty();
    }
}
