package dev.lastcall.lint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The texts behind what the user named: files as they are, directories with all the YAML below them, {@code -} for the input. */
final class Sources {
    private static final String INPUT = "-";

    private final InputStream input;
    private final List<Source> sources = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Sources(InputStream input) {
        this.input = input;
    }

    /** Everything that can be read, and the words for what cannot. */
    static Sources of(List<String> places, InputStream input) {
        Sources sources = new Sources(input);
        Set<Path> seen = new LinkedHashSet<>();
        for (String place : places) {
            if (place.equals(INPUT)) {
                sources.readInput();
            } else {
                sources.filesOf(Path.of(place))
                        .filter(file -> seen.add(file.normalize()))
                        .forEach(sources::read);
            }
        }
        return sources;
    }

    List<Source> all() {
        return List.copyOf(sources);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    private Stream<Path> filesOf(Path place) {
        if (!Files.isDirectory(place)) {
            return Stream.of(place);
        }
        try (Stream<Path> below = Files.walk(place)) {
            List<Path> files = below.filter(Files::isRegularFile)
                    .filter(Sources::isYaml)
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                problems.add(place + ": holds no YAML (expected: a directory with manifests)");
            }
            return files.stream();
        } catch (IOException | java.io.UncheckedIOException e) {
            problems.add(place + ": cannot be read, " + e.getMessage());
            return Stream.of();
        }
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".yaml") || name.endsWith(".yml") || Kustomization.isNamed(file);
    }

    private void read(Path file) {
        if (!Files.isRegularFile(file)) {
            problems.add(file + ": no such file (expected: a manifest or a directory with manifests)");
            return;
        }
        try {
            sources.add(new Source(file.toString(), Files.readString(file)));
        } catch (CharacterCodingException e) {
            problems.add(file + ":1: is not UTF-8 (expected: YAML)");
        } catch (IOException e) {
            problems.add(file + ": cannot be read, " + e.getMessage());
        }
    }

    private void readInput() {
        try {
            sources.add(new Source("stdin", new String(input.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            problems.add("stdin: cannot be read, " + e.getMessage());
        }
    }
}
