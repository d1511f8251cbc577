package dev.lastcall.lint.manifest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that kustomize puts together: those that a kustomization names, and those of the kustomizations that it names; and the ConfigMaps
 * that it generates. For one thread.
 */
public final class Kustomizations {
    private static final List<String> LISTS = List.of("resources", "bases", "components");

    private final Map<Path, Document> byFolder = new LinkedHashMap<>();
    private final Map<Path, Set<Path>> containing = new HashMap<>();
    private final Map<String, Set<Path>> ofFiles = new HashMap<>();
    private final List<Document> configMaps = new ArrayList<>();

    /** @param kustomizations what stands in files of the name kustomization.yaml */
    public Kustomizations(List<Document> kustomizations) {
        for (Document each : kustomizations) {
            Path folder = folder(each);
            if (folder != null) {
                byFolder.putIfAbsent(folder, each);
            }
            configMaps.addAll(GeneratedConfigMap.of(each));
        }
        for (Path folder : byFolder.keySet()) {
            Set<Path> members = new HashSet<>();
            collect(folder, members);
            members.forEach(member ->
                    containing.computeIfAbsent(member, each -> new HashSet<>()).add(folder));
        }
    }

    /** The ConfigMaps that are generated. */
    List<Document> configMaps() {
        return configMaps;
    }

    /** Whether one kustomization has both files. */
    boolean share(String one, String other) {
        Set<Path> mine = of(one);
        return !mine.isEmpty() && of(other).stream().anyMatch(mine::contains);
    }

    /** Whether a kustomization has this file. */
    boolean has(String file) {
        return !of(file).isEmpty();
    }

    private Set<Path> of(String file) {
        return byFolder.isEmpty() ? Set.of() : ofFiles.computeIfAbsent(file, this::find);
    }

    private Set<Path> find(String file) {
        try {
            return containing.getOrDefault(Path.of(file).toAbsolutePath().normalize(), Set.of());
        } catch (InvalidPathException e) {
            return Set.of();
        }
    }

    private void collect(Path folder, Set<Path> members) {
        Document kustomization = byFolder.get(folder);
        // One that contains itself is refused by kustomize; here it only ends.
        if (kustomization == null
                || !members.add(Path.of(kustomization.file()).toAbsolutePath().normalize())) {
            return;
        }
        LISTS.stream()
                .flatMap(list -> kustomization.root().at(list).items().stream())
                .flatMap(item -> resolve(folder, item.text()))
                .forEach(path -> {
                    members.add(path);
                    collect(path, members);
                });
    }

    /** Returns the path of an entry; none for what is fetched from elsewhere. */
    private static Stream<Path> resolve(Path folder, String written) {
        try {
            return written.isEmpty() || written.contains("://") || written.indexOf('\n') >= 0
                    ? Stream.empty()
                    : Stream.of(folder.resolve(written).normalize());
        } catch (InvalidPathException e) {
            return Stream.empty();
        }
    }

    private static @Nullable Path folder(Document kustomization) {
        try {
            return Path.of(kustomization.file()).toAbsolutePath().normalize().getParent();
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
