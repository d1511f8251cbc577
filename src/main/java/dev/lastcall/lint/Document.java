package dev.lastcall.lint;

import java.util.List;
import java.util.stream.Stream;

/**
 * One object of Kubernetes.
 *
 * @param file where it is written, as the user named it
 * @param root its whole content; below a list, the item's
 */
record Document(String file, Field root) {
    String kind() {
        return root.at("kind").text();
    }

    String name() {
        return root.at("metadata", "name").text();
    }

    String namespace() {
        return root.at("metadata", "namespace").text();
    }

    /** As {@code kubectl} names it, {@code Deployment/web}. */
    String label() {
        return kind() + "/" + (name().isEmpty() ? "?" : name());
    }

    boolean isKubernetes() {
        return !kind().isEmpty() && root.at("apiVersion").isPresent();
    }

    /** Kinds of kustomize are its own business: they are no objects of the cluster. */
    boolean isKustomize() {
        return root.at("apiVersion").text().startsWith("kustomize.config.k8s.io/");
    }

    /** Whether the other may see this one by its name. One without a namespace goes wherever it is applied. */
    boolean sharesNamespace(Document other) {
        return namespace().isEmpty()
                || other.namespace().isEmpty()
                || namespace().equals(other.namespace());
    }

    /** The items of a {@code List}, or this one. */
    Stream<Document> items() {
        Field items = root.at("items");
        if (!kind().endsWith("List") || !items.isList()) {
            return Stream.of(this);
        }
        List<Field> each = items.items();
        return each.stream().flatMap(item -> new Document(file, item).items());
    }
}
