package dev.lastcall.lint.manifest;

import java.util.List;
import java.util.stream.Stream;

/**
 * One object of Kubernetes.
 *
 * @param file where it is written, as the user named it
 * @param root its whole content
 */
public record Document(String file, Field root) {
    /** The annotation with the rules that do not apply to an object, separated by commas. */
    public static final String IGNORE = "lastcall.dev/lint-ignore";

    /** Returns the {@code kind}. */
    public String kind() {
        return root.at("kind").text();
    }

    /** Returns the {@code metadata.name}. */
    public String name() {
        return root.at("metadata", "name").text();
    }

    /** Returns the {@code metadata.namespace}; empty where it depends on where the object is applied. */
    public String namespace() {
        return root.at("metadata", "namespace").text();
    }

    /** The part of {@code apiVersion} before the slash; empty for the core. */
    public String group() {
        String version = root.at("apiVersion").text();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    /** Returns the name as {@code kubectl} prints it, {@code Deployment/web}. */
    public String label() {
        String name = name().isEmpty() ? root.at("metadata", "generateName").text() : name();
        return kind() + "/" + (name.isEmpty() ? "?" : name);
    }

    /** Whether it has what every object of Kubernetes has. */
    public boolean isKubernetes() {
        return !kind().isEmpty() && root.at("apiVersion").isPresent();
    }

    /** Whether the kind is one of Kubernetes' own, and no extension's. */
    public boolean isBuiltIn() {
        String group = group();
        return !group.contains(".") || group.endsWith(".k8s.io");
    }

    /** Kinds of kustomize are its own business: they are no objects of the cluster. */
    public boolean isKustomize() {
        return root.at("apiVersion").text().startsWith("kustomize.config.k8s.io/");
    }

    /** The field that holds the rules to spare, in the object or, for a workload, in its pods' template. */
    public List<Field> ignores() {
        return Stream.of(root, root.at("spec", "template"))
                .map(each -> each.at("metadata", "annotations", IGNORE))
                .filter(Field::isPresent)
                .toList();
    }

    /** Whether the other may see this one by its name. One without a namespace goes wherever it is applied. */
    boolean sharesNamespace(Document other) {
        String mine = namespace();
        String others = other.namespace();
        return mine.isEmpty() || others.isEmpty() || mine.equals(others);
    }

    /** The items of a {@code List}, or this one. */
    public Stream<Document> items() {
        Field items = root.at("items");
        if (!kind().endsWith("List") || !items.isList()) {
            return Stream.of(this);
        }
        return items.items().stream().flatMap(item -> new Document(file, item.asRoot()).items());
    }
}
