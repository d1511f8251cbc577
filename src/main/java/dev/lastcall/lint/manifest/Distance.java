package dev.lastcall.lint.manifest;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The distance of two objects' files. Two applications may use the same names and labels, and the nearest is meant: in one file, in one
 * folder, in one kustomization, then by the folders between them. For one thread.
 */
final class Distance {
    private static final int SAME_FOLDER = 0;
    private static final int SAME_KUSTOMIZATION = 2;
    private static final int ELSEWHERE = 3;

    private final Map<String, List<String>> folders = new HashMap<>();
    private final Kustomizations kustomizations;

    Distance(Kustomizations kustomizations) {
        this.kustomizations = kustomizations;
    }

    /** Returns the nearest candidates; folders count, files do not. */
    <T> List<T> nearest(String file, List<T> candidates, Function<T, String> fileOf) {
        if (candidates.size() < 2) {
            return candidates;
        }
        List<T> nearest = new ArrayList<>();
        int best = Integer.MAX_VALUE;
        for (T candidate : candidates) {
            int distance = between(file, fileOf.apply(candidate));
            if (distance < best) {
                nearest.clear();
                best = distance;
            }
            if (distance == best) {
                nearest.add(candidate);
            }
        }
        return nearest;
    }

    /** The one nearest candidate: of the same file before those of the same folder; none where there is none. */
    <T> @Nullable T one(String file, List<T> candidates, Function<T, String> fileOf) {
        List<T> near = nearest(file, candidates, fileOf);
        return near.stream()
                .filter(each -> fileOf.apply(each).equals(file))
                .findFirst()
                .orElse(near.isEmpty() ? null : near.get(0));
    }

    private int between(String one, String other) {
        if (one.equals(other)) {
            return SAME_FOLDER;
        }
        int folders = between(folder(one), folder(other));
        boolean together = kustomizations.share(one, other);
        if (folders == 0) {
            // A kustomization may leave out a file of its folder.
            return together || !kustomizations.has(one) ? SAME_FOLDER : SAME_FOLDER + 1;
        }
        return together ? SAME_KUSTOMIZATION : ELSEWHERE + folders;
    }

    private static int between(List<String> one, List<String> other) {
        if (one == other) {
            return 0;
        }
        int common = 0;
        while (common < one.size() && common < other.size() && one.get(common).equals(other.get(common))) {
            common++;
        }
        return one.size() + other.size() - 2 * common;
    }

    private List<String> folder(String file) {
        return folders.computeIfAbsent(file, Distance::read);
    }

    private static List<String> read(String file) {
        List<String> names = new ArrayList<>();
        try {
            Path folder = Path.of(file).normalize().getParent();
            if (folder != null) {
                folder.forEach(name -> names.add(name.toString()));
            }
        } catch (InvalidPathException e) {
            // Not a file of this machine, and so beside nothing.
            return names;
        }
        return names;
    }
}
