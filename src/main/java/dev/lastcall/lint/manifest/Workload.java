package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Something that makes pods, and the template it makes them of. For one thread. */
public final class Workload {
    /** Kubernetes' default, in seconds. */
    public static final long DEFAULT_GRACE = 30;

    private static final Set<String> REPLICATED =
            Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig");

    private final Document document;
    private final Field pod;
    private final Map<String, String> labels;
    private final List<Container> containers;
    private @Nullable ContainerSettings settings;

    private Workload(Document document, Field pod) {
        this.document = document;
        this.pod = pod;
        this.labels = pod.at("metadata", "labels").texts();
        List<Container> found = new ArrayList<>();
        spec().at("initContainers").items().forEach(each -> found.add(new Container(each, true)));
        spec().at("containers").items().forEach(each -> found.add(new Container(each, false)));
        this.containers = List.copyOf(found);
    }

    /** The pods an object makes: none, one template, or several. */
    static Stream<Workload> of(Document document) {
        return Templates.of(document).stream().map(pod -> new Workload(document, pod));
    }

    /** The whole object. */
    public Document document() {
        return document;
    }

    /** The pods' spec. */
    public Field spec() {
        return pod.at("spec");
    }

    /** The pods' labels. */
    public Map<String, String> labels() {
        return labels;
    }

    /** A part of the object's own spec. */
    public Field setting(String... keys) {
        return document.root().at("spec").at(keys);
    }

    /** Whether pods are replaced one after the other as a Deployment does, in Kubernetes, Argo Rollouts or OpenShift. */
    public boolean isDeployment() {
        return document.kind().equals("Deployment") || document.kind().equals("DeploymentConfig");
    }

    /** Whether a number of replicas is kept. */
    public boolean isReplicated() {
        return REPLICATED.contains(document.kind());
    }

    /** Whether its pods have names and claims of their own. */
    public boolean isStatefulSet() {
        return document.kind().equals("StatefulSet");
    }

    /** Whether there is one pod on each node. */
    public boolean isDaemonSet() {
        return document.kind().equals("DaemonSet");
    }

    /** Whether its pods end by themselves. */
    public boolean isJob() {
        return document.kind().endsWith("Job")
                || spec().at("restartPolicy").is("Never")
                || spec().at("restartPolicy").is("OnFailure");
    }

    /** Whether Knative makes the pods, with a proxy, a grace period and a preStop of its own. */
    public boolean isKnative() {
        return document.group().equals("serving.knative.dev");
    }

    /** Returns the place of the pods' grace period. */
    public Field gracePeriod() {
        return spec().at("terminationGracePeriodSeconds");
    }

    /** Returns the seconds until the kubelet kills. */
    public long graceSeconds() {
        // The API server makes 1 of what is less than nothing.
        return gracePeriod().text().startsWith("-") ? 1 : gracePeriod().number().orElse(DEFAULT_GRACE);
    }

    /** Returns the containers in the order of their start, init containers first. */
    public List<Container> containers() {
        return containers;
    }

    /** The first container that is Lastcall. */
    public Optional<Container> lastcall() {
        return containers.stream().filter(Container::isLastcall).findFirst();
    }

    /** Returns the settings of Lastcall; empty where the workload has none. */
    public Optional<ContainerSettings> settings(Manifests all) {
        ContainerSettings known = settings;
        if (known == null) {
            Optional<Container> lastcall = lastcall();
            if (lastcall.isEmpty()) {
                return Optional.empty();
            }
            known = ContainerSettings.of(lastcall.get(), document, all);
            settings = known;
        }
        return Optional.of(known);
    }

    /** The numbers of Lastcall's drain; none where it is not there. */
    public Optional<Stages> stages(Manifests all) {
        return settings(all).map(Stages::of);
    }

    /** The containers that stay up, without Lastcall's own. */
    public Stream<Container> applications() {
        return containers.stream().filter(each -> !each.initial() && !each.isLastcall());
    }

    /** Whether Lastcall stands before the other containers. */
    public boolean isBehindSidecar(Manifests all) {
        return settings(all).map(each -> each.has("lastcall.proxy.")).orElse(false);
    }
}
