package dev.lastcall.lint.check;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.Manifests;
import java.util.stream.Stream;

/** Traffic that stays on the node it came to: when the node's last pod ends, the balancer outside must notice before the pod is gone. */
final class LocalTraffic implements Check {
    @Override
    public Stream<Finding> findings(Document object, Manifests all) {
        if (!object.kind().equals("Service")) {
            return Stream.empty();
        }
        Field external = object.root().at("spec", "externalTrafficPolicy");
        Field internal = object.root().at("spec", "internalTrafficPolicy");
        return Stream.concat(
                external.is("Local")
                        ? Stream.of(of(object, external, "the balancer sends here until its check of the node fails"))
                        : Stream.empty(),
                internal.is("Local")
                        ? Stream.of(of(object, internal, "clients of a node without a ready pod reach nobody"))
                        : Stream.empty());
    }

    private static Finding of(Document object, Field place, String why) {
        return Finding.note(
                object,
                place,
                "when the last pod of a node ends, " + why,
                "let preStop last longer than the balancer's health check takes, and spread the pods over the nodes");
    }
}
