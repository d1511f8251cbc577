package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects that select each workload, found by an index over the pods' labels: as many look-ups as there are objects, not as many as
 * there are pairs. For one thread.
 */
final class Links {
    private final List<Workload> workloads;
    private final Map<String, List<Workload>> byLabel = new HashMap<>();
    private final Map<String, List<Workload>> byName = new HashMap<>();
    private final Distance distance;

    private final IdentityHashMap<Workload, Map<String, List<Document>>> objects = new IdentityHashMap<>();
    private final IdentityHashMap<Document, List<Workload>> targets = new IdentityHashMap<>();

    Links(List<Workload> workloads, Distance distance) {
        this.workloads = workloads;
        this.distance = distance;
        for (Workload each : workloads) {
            each.labels().forEach((key, value) -> add(byLabel, key + "=" + value, each));
            add(byName, each.document().label(), each);
        }
    }

    /** Links an object to the pods it selects. */
    void select(Document object, Selector selector) {
        link(
                object,
                candidates(selector).stream()
                        .filter(each -> selector.matches(each.labels()))
                        .toList());
    }

    /** Links an object to the workload it names. */
    void name(Document object, Field reference) {
        String kind = reference.at("kind").isPresent() ? reference.at("kind").text() : "Deployment";
        String label = kind + "/" + reference.at("name").text();
        link(object, byName.getOrDefault(label, List.of()));
    }

    /** The objects of a kind that speak of this workload. */
    List<Document> objects(String kind, Workload workload) {
        return objects.getOrDefault(workload, Map.of()).getOrDefault(kind, List.of());
    }

    /** The workloads an object speaks of. */
    List<Workload> targets(Document object) {
        return targets.getOrDefault(object, List.of());
    }

    private void link(Document object, List<Workload> candidates) {
        List<Workload> visible = candidates.stream()
                .filter(each -> each.document().sharesNamespace(object))
                .toList();
        List<Workload> meant =
                distance.nearest(object.file(), visible, each -> each.document().file());
        targets.put(object, meant);
        for (Workload each : meant) {
            objects.computeIfAbsent(each, key -> new HashMap<>())
                    .computeIfAbsent(object.kind(), key -> new ArrayList<>())
                    .add(object);
        }
    }

    /** Returns the workloads with the rarest of the labels. */
    private List<Workload> candidates(Selector selector) {
        List<Workload> fewest = workloads;
        for (Map.Entry<String, String> label : selector.labels().entrySet()) {
            List<Workload> with = byLabel.getOrDefault(label.getKey() + "=" + label.getValue(), List.of());
            if (with.size() < fewest.size()) {
                fewest = with;
            }
        }
        return fewest;
    }

    private static void add(Map<String, List<Workload>> index, String key, Workload workload) {
        index.computeIfAbsent(key, each -> new ArrayList<>()).add(workload);
    }
}
