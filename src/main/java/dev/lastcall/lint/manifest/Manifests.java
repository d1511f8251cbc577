package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** All objects that are linted together, since they refer to each other: a Service to its pods, pods to a ConfigMap. For one thread. */
public final class Manifests {
    private static final String SERVICE = "Service";
    private static final String BUDGET = "PodDisruptionBudget";
    private static final String AUTOSCALER = "HorizontalPodAutoscaler";

    /** KEDA's, which makes an autoscaler and scales to nothing besides. */
    private static final String SCALED_OBJECT = "ScaledObject";

    private final List<Document> documents;
    private final List<Workload> workloads;
    private final Map<String, List<Document>> byKind = new HashMap<>();
    private final Map<String, List<Document>> configMaps = new HashMap<>();
    private final Distance distance;
    private final Links links;

    /**
     * Reads the documents, given in the order of the files, and links them.
     *
     * @param kustomizations which of the files belong together
     */
    public Manifests(List<Document> documents, Kustomizations kustomizations) {
        this.distance = new Distance(kustomizations);
        this.documents = List.copyOf(documents);
        this.workloads = documents.stream().flatMap(Workload::of).toList();
        this.links = new Links(workloads, distance);
        for (Document each : documents) {
            byKind.computeIfAbsent(each.kind(), kind -> new ArrayList<>()).add(each);
            if (each.kind().equals("ConfigMap")) {
                configMaps
                        .computeIfAbsent(each.name(), name -> new ArrayList<>())
                        .add(each);
            }
        }
        kustomizations.configMaps().forEach(each -> configMaps
                .computeIfAbsent(each.name(), name -> new ArrayList<>())
                .add(each));
        services().forEach(each -> {
            Selector selector = Selector.ofLabels(each.root().at("spec", "selector"));
            if (!selector.isEmpty()) {
                links.select(each, selector);
            }
        });
        budgets()
                .filter(each -> each.root().at("spec", "selector").isPresent())
                .forEach(each -> links.select(each, Selector.of(each.root().at("spec", "selector"))));
        Stream.of(AUTOSCALER, SCALED_OBJECT)
                .flatMap(this::ofKind)
                .forEach(each -> links.name(each, each.root().at("spec", "scaleTargetRef")));
    }

    /** Every object, in the order of the files. */
    public List<Document> documents() {
        return documents;
    }

    /** Every pod template among them. */
    public List<Workload> workloads() {
        return workloads;
    }

    /** The Services of the core group, without Knative's. */
    public Stream<Document> services() {
        return ofKind(SERVICE).filter(each -> each.group().isEmpty());
    }

    /** The PodDisruptionBudgets. */
    public Stream<Document> budgets() {
        return ofKind(BUDGET);
    }

    /** The Services that select these pods. */
    public List<Document> services(Workload workload) {
        return links.objects(SERVICE, workload);
    }

    /** The PodDisruptionBudgets that select these pods. */
    public List<Document> budgets(Workload workload) {
        return links.objects(BUDGET, workload);
    }

    /** The pods an object selects or names. */
    public List<Workload> targets(Document object) {
        return links.targets(object);
    }

    /** The autoscaler of this workload. */
    public Optional<Document> autoscaler(Workload workload) {
        return Stream.of(AUTOSCALER, SCALED_OBJECT)
                .flatMap(kind -> links.objects(kind, workload).stream())
                .findFirst();
    }

    /** The place where an autoscaler has the fewest pods. */
    public static Field minimum(Document autoscaler) {
        return autoscaler
                .root()
                .at("spec", autoscaler.kind().equals(SCALED_OBJECT) ? "minReplicaCount" : "minReplicas");
    }

    /** Returns the least number of pods: the autoscaler's minimum, or the number written; none where others decide. */
    public OptionalLong replicas(Workload workload) {
        Field written = workload.document().root().at("spec", "replicas");
        if (!workload.isReplicated() || written.is("0")) {
            return workload.isReplicated() ? OptionalLong.of(0) : OptionalLong.empty();
        }
        Optional<Document> autoscaler = autoscaler(workload);
        if (autoscaler.isPresent()) {
            boolean toNothing = autoscaler.get().kind().equals(SCALED_OBJECT);
            return OptionalLong.of(minimum(autoscaler.get()).number().orElse(toNothing ? 0 : 1));
        }
        return OptionalLong.of(written.number().orElse(1));
    }

    /** The ConfigMap that is meant by this name: the nearest to its user. */
    Optional<Document> configMap(String name, Document user) {
        List<Document> visible = configMaps.getOrDefault(name, List.of()).stream()
                .filter(each -> each.sharesNamespace(user))
                .toList();
        return Optional.ofNullable(distance.one(user.file(), visible, Document::file));
    }

    /** Whether others send requests to this container. */
    public Traffic traffic(Workload workload, Container container) {
        if (!container.staysUp() || workload.isKnative()) {
            return Traffic.NONE;
        }
        if (container.isLastcall()) {
            return workload.isJob() ? Traffic.NONE : Traffic.SURE;
        }
        List<Document> senders = services(workload).stream()
                .filter(each -> !isPeersOnly(workload, each))
                .toList();
        if (!senders.isEmpty()) {
            return senders.stream().anyMatch(each -> sends(each, workload, container)) ? Traffic.SURE : Traffic.NONE;
        }
        boolean told = services().findAny().isPresent() || workload.isJob();
        return !told && !container.initial() && container.ports().stream().anyMatch(Ports::areForRequests)
                ? Traffic.POSSIBLE
                : Traffic.NONE;
    }

    /** Whether others send requests to any of the containers. */
    public Traffic traffic(Workload workload) {
        return workload.containers().stream()
                .map(each -> traffic(workload, each))
                .reduce(Traffic.NONE, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }

    /** The governing Service of a StatefulSet names its pods for each other; it balances nothing. */
    private static boolean isPeersOnly(Workload workload, Document service) {
        return workload.isStatefulSet()
                && service.root().at("spec", "clusterIP").is("None");
    }

    private static boolean sends(Document service, Workload workload, Container container) {
        List<Field> ports = service.root().at("spec", "ports").items().stream()
                .filter(Ports::areForRequests)
                .toList();
        boolean ours = ports.stream().anyMatch(port -> Ports.leadsTo(port, container));
        boolean others = workload.containers().stream()
                .anyMatch(other -> other.staysUp() && ports.stream().anyMatch(port -> Ports.leadsTo(port, other)));
        // Nobody need declare a port: then it is the first container's.
        return ours
                || (!others
                        && !ports.isEmpty()
                        && workload.containers().stream()
                                .filter(each -> !each.initial())
                                .findFirst()
                                .filter(first -> first == container)
                                .isPresent());
    }

    private Stream<Document> ofKind(String kind) {
        return byKind.getOrDefault(kind, List.of()).stream();
    }
}
