package dev.lastcall.lint;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Recognises the input of kustomize that is no manifest: its own files, and patches. */
final class Kustomization {
    private static final Set<String> NAMES = Set.of("kustomization.yaml", "kustomization.yml", "Kustomization");

    private static final List<String> PIECES = List.of(
            "patches",
            "patchesStrategicMerge",
            "patchesJson6902",
            "replacements",
            "transformers",
            "generators",
            "configurations");

    private Kustomization() {}

    static boolean isNamed(Path file) {
        return NAMES.contains(String.valueOf(file.getFileName()));
    }

    /** The files that this kustomization uses as patches and the like, as paths to compare. */
    static Set<Path> pieces(Document kustomization) {
        Path folder = Path.of(kustomization.file()).toAbsolutePath().normalize().getParent();
        Set<Path> pieces = new LinkedHashSet<>();
        if (folder != null) {
            PIECES.stream()
                    .flatMap(list -> kustomization.root().at(list).items().stream())
                    .flatMap(item -> Stream.of(item, item.at("path")))
                    .map(Field::text)
                    .filter(path -> !path.isEmpty() && path.indexOf('\n') < 0)
                    .forEach(path -> pieces.add(folder.resolve(path).normalize()));
        }
        return pieces;
    }
}
