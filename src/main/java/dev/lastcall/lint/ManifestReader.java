package dev.lastcall.lint;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Kustomizations;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns sources into objects of Kubernetes, and keeps the words for what is none. Used once. */
final class ManifestReader {
    private static final String TEMPLATE = "a template, render it first, as in helm template . | lint -";

    private static final int MOST_NAMED = 8;

    private final List<Document> read = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Set<String>> skipped = new LinkedHashMap<>();
    private final Set<String> templates = new LinkedHashSet<>();

    void refuse(String problem) {
        problems.add(problem);
    }

    void skip(String file, String why) {
        skipped.computeIfAbsent(why, each -> new LinkedHashSet<>()).add(file);
    }

    /** @param name as findings call it: the file as the user reached it */
    void read(String name, byte[] bytes) {
        String text;
        try {
            text = Decoding.text(bytes);
        } catch (CharacterCodingException e) {
            refuse(name + ":1: is neither UTF-8 nor marked UTF-16 (expected: YAML)");
            return;
        }
        if (name.endsWith(".json") && !(text.contains("\"apiVersion\"") && text.contains("\"kind\""))) {
            return;
        }
        int before = read.size();
        try {
            Yaml.read(name, text, read);
        } catch (UnreadableManifest e) {
            if (text.contains("{{") || text.contains("{%")) {
                read.subList(before, read.size()).clear();
                templates.add(e.words().replaceFirst("(:[0-9]+)?: .*", "$1"));
            } else {
                refuse(e.words());
            }
        }
        if (read.size() == before && problems.isEmpty() && templates.isEmpty()) {
            skip(name, "it holds no object");
        }
    }

    /** Returns what cannot be read, one line for each cause. */
    List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        if (!templates.isEmpty()) {
            all.add(named(templates) + ": " + TEMPLATE);
        }
        return all;
    }

    /** Returns what was read and is no manifest; of many with one cause the first and their number. */
    List<String> skipped() {
        documents();
        List<String> words = new ArrayList<>();
        skipped.forEach((why, files) -> {
            if (files.size() > MOST_NAMED) {
                words.add(named(files) + ": skipped, " + why);
            } else {
                files.forEach(file -> words.add(file + ": skipped, " + why));
            }
        });
        return words;
    }

    /** The objects, in the order of the files, lists taken apart. */
    List<Document> documents() {
        Set<Path> pieces = new LinkedHashSet<>();
        read.stream()
                .filter(ManifestReader::isKustomization)
                .forEach(each -> pieces.addAll(Kustomization.pieces(each)));
        List<Document> manifests = new ArrayList<>();
        for (Document document : read) {
            String word = word(document, pieces);
            if (!word.isEmpty()) {
                skip(document.file(), word);
                continue;
            }
            document.items().filter(Document::isKubernetes).forEach(manifests::add);
        }
        return manifests;
    }

    /** Returns which of the files belong together. */
    Kustomizations kustomizations() {
        return new Kustomizations(
                read.stream().filter(ManifestReader::isKustomization).toList());
    }

    private static boolean isKustomization(Document document) {
        return document.isKustomize() || Kustomization.isNamed(Path.of(document.file()));
    }

    /** Returns why this is no manifest by itself; empty where it is one. */
    private static String word(Document document, Set<Path> pieces) {
        if (isKustomization(document)) {
            return "a kustomization";
        }
        if (pieces.contains(Path.of(document.file()).toAbsolutePath().normalize())) {
            return "a piece of a kustomization";
        }
        return document.isKubernetes() ? "" : "no manifest, it has no apiVersion or no kind";
    }

    private static String named(Set<String> files) {
        String first = files.iterator().next();
        return files.size() == 1 ? first : first + " and " + (files.size() - 1) + " more";
    }
}
