package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds the pod templates of an object, of whatever kind it is. */
final class Templates {
    private static final int DEEPEST = 8;

    /** Kinds that may hold what looks like a template, and run no pod of it. */
    private static final Set<String> WITHOUT_PODS = Set.of(
            "ConfigMap", "Secret", "CustomResourceDefinition", "ValidatingAdmissionPolicy", "MutatingAdmissionPolicy");

    /** Kubernetes' own kinds that have no template anywhere, among those that are written most. */
    private static final Set<String> WITHOUT_TEMPLATES = Set.of(
            "Service",
            "Ingress",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "HorizontalPodAutoscaler",
            "ServiceAccount",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "PersistentVolumeClaim");

    private Templates() {}

    /** Returns the pod templates of a document. One without a single image is a patch, and no template. */
    static List<Field> of(Document document) {
        List<Field> found = new ArrayList<>();
        if (document.isKubernetes() && !WITHOUT_PODS.contains(document.kind())) {
            boolean none = document.isBuiltIn() && WITHOUT_TEMPLATES.contains(document.kind());
            if (none) {
                return found;
            }
            if (document.kind().equals("Pod")) {
                add(document.root(), found);
            } else {
                search(document.root(), 0, found);
            }
        }
        return found;
    }

    private static boolean add(Field pod, List<Field> found) {
        boolean whole = pod.at("spec", "containers").items().stream()
                .anyMatch(each -> each.at("image").isPresent());
        if (whole) {
            found.add(pod);
        }
        return whole;
    }

    private static void search(Field place, int depth, List<Field> found) {
        if (depth > DEEPEST) {
            return;
        }
        for (String key : place.keys()) {
            Field child = place.at(key);
            if (!(isTemplate(key) && add(child, found))) {
                search(child, depth + 1, found);
            }
        }
        place.items().forEach(item -> search(item, depth + 1, found));
    }

    private static boolean isTemplate(String key) {
        return key.equals("template") || key.endsWith("Template");
    }
}
