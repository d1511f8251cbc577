package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that makes pods which serve until they are ended.
 *
 * @param document the whole object
 * @param pod the pods' metadata and spec
 */
record Workload(Document document, Field pod) {
    /** What Kubernetes takes where a manifest says nothing. */
    static final long DEFAULT_GRACE = 30;

    private static final Set<String> TEMPLATED =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController");

    /** Jobs end by themselves and serve nobody: they are none. */
    static Optional<Workload> of(Document document) {
        if (document.kind().equals("Pod")) {
            return Optional.of(new Workload(document, document.root()));
        }
        return TEMPLATED.contains(document.kind())
                ? Optional.of(new Workload(document, document.root().at("spec", "template")))
                : Optional.empty();
    }

    Field spec() {
        return pod.at("spec");
    }

    Map<String, String> labels() {
        return pod.at("metadata", "labels").texts();
    }

    boolean isDeployment() {
        return document.kind().equals("Deployment");
    }

    Field gracePeriod() {
        return spec().at("terminationGracePeriodSeconds");
    }

    long graceSeconds() {
        return gracePeriod().number().orElse(DEFAULT_GRACE);
    }

    /** In the order of their start: init containers first. */
    List<Container> containers() {
        List<Container> containers = new ArrayList<>();
        spec().at("initContainers").items().forEach(each -> containers.add(new Container(each, true)));
        spec().at("containers").items().forEach(each -> containers.add(new Container(each, false)));
        return containers;
    }

    Optional<Container> lastcall() {
        return containers().stream().filter(Container::isLastcall).findFirst();
    }

    /** The containers that stay up, without Lastcall's own. */
    Stream<Container> applications() {
        return containers().stream().filter(each -> !each.initial() && !each.isLastcall());
    }

    /** Whether Lastcall stands before the other containers. */
    boolean isBehindSidecar(Manifests all) {
        return lastcall()
                .map(sidecar -> ContainerSettings.of(sidecar, document, all).has("lastcall.proxy."))
                .orElse(false);
    }

    /** Without Lastcall, a container with a port is taken for one that others call. */
    boolean serves(Container container) {
        return container.staysUp()
                && (container.isLastcall() || !container.ports().isEmpty());
    }
}
