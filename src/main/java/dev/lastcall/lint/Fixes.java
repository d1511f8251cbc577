package dev.lastcall.lint;

import dev.lastcall.lint.check.Edit;
import dev.lastcall.lint.check.Finding;
import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;

/**
 * The smallest patch that mends what has one answer. One mend may make another necessary (a longer reserve, a longer budget): the objects are
 * changed in memory and linted again until nothing changes, and the patch is the difference between the first and the last.
 */
final class Fixes {
    private static final int ROUNDS = 6;

    private final Inspection inspection;

    Fixes(Inspection inspection) {
        this.inspection = inspection;
    }

    /** YAML documents for {@code kubectl patch --patch-file} or kustomize's {@code patches}; empty where there is nothing to mend. */
    String patch(List<Document> originals) {
        List<Document> documents = originals;
        boolean changed = true;
        for (int round = 0; round < ROUNDS && changed; round++) {
            List<Document> next = mended(documents);
            changed = !next.equals(documents);
            documents = next;
        }
        StringBuilder patch = new StringBuilder();
        for (int place = 0; place < originals.size(); place++) {
            Map<String, @Nullable Object> difference = difference(originals.get(place), documents.get(place));
            if (!difference.isEmpty()) {
                patch.append("---\n# ")
                        .append(Escaped.line(originals.get(place).file()))
                        .append('\n')
                        .append(dump(difference));
            }
        }
        return patch.toString();
    }

    /** The same list where nothing has an answer. */
    private List<Document> mended(List<Document> documents) {
        IdentityHashMap<Document, List<Edit>> edits = new IdentityHashMap<>();
        for (var each : inspection.findings(documents)) {
            Finding finding = each.finding();
            finding.edits().forEach(edit -> edits.computeIfAbsent(edit.document(), key -> new ArrayList<>())
                    .add(edit));
        }
        if (edits.isEmpty()) {
            return documents;
        }
        return documents.stream()
                .map(each -> edits.containsKey(each) ? changed(each, edits.get(each)) : each)
                .toList();
    }

    private static Document changed(Document document, List<Edit> edits) {
        PlainTree tree = new PlainTree(document.root().plain());
        edits.forEach(tree::apply);
        try {
            List<Document> read = new ArrayList<>();
            Yaml.read(document.file(), dump(tree.content()), read);
            return new Document(document.file(), read.get(0).root());
        } catch (UnreadableManifest e) {
            throw new IllegalStateException("what was written cannot be read", e);
        }
    }

    private static Map<String, @Nullable Object> difference(Document before, Document after) {
        Object merge = StrategicMerge.of(before.isBuiltIn())
                .difference(before.root().plain(), after.root().plain());
        if (!(merge instanceof Map<?, ?> changes) || changes.isEmpty()) {
            return Map.of();
        }
        Map<String, @Nullable Object> patch = new LinkedHashMap<>();
        patch.put("apiVersion", before.root().at("apiVersion").text());
        patch.put("kind", before.kind());
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("name", before.name());
        Field namespace = before.root().at("metadata", "namespace");
        if (namespace.isPresent()) {
            metadata.put("namespace", namespace.text());
        }
        if (changes.get("metadata") instanceof Map<?, ?> more) {
            more.forEach((key, value) -> metadata.put(String.valueOf(key), value));
        }
        patch.put("metadata", metadata);
        changes.forEach((key, value) -> patch.putIfAbsent(String.valueOf(key), value));
        return patch;
    }

    private static String dump(Object content) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(200);
        options.setDereferenceAliases(true);
        return new org.yaml.snakeyaml.Yaml(options).dump(content);
    }
}
