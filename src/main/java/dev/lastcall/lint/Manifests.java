package dev.lastcall.lint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is linted together, since one object explains another: a Service its pods, a ConfigMap their settings.
 *
 * @param documents in the order of the files
 */
record Manifests(List<Document> documents) {
    Manifests {
        documents = List.copyOf(documents);
    }

    Stream<Workload> workloads() {
        return documents.stream().flatMap(each -> Workload.of(each).stream());
    }

    /** The Services that send requests to these pods. */
    Stream<Document> services(Workload workload) {
        Map<String, String> labels = workload.labels();
        return ofKind("Service", workload.document()).filter(service -> {
            Map<String, String> selector = service.root().at("spec", "selector").texts();
            return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
        });
    }

    Optional<Document> configMap(String name, Document user) {
        return ofKind("ConfigMap", user)
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    boolean isAutoscaled(Document workload) {
        return ofKind("HorizontalPodAutoscaler", workload)
                .map(each -> each.root().at("spec", "scaleTargetRef"))
                .anyMatch(target -> target.at("kind").is(workload.kind())
                        && target.at("name").is(workload.name()));
    }

    private Stream<Document> ofKind(String kind, Document neighbour) {
        return documents.stream().filter(each -> each.kind().equals(kind) && each.sharesNamespace(neighbour));
    }
}
