package dev.lastcall.lint;

import dev.lastcall.lint.manifest.Document;
import dev.lastcall.lint.manifest.Field;
import dev.lastcall.lint.manifest.UnreadableManifest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the documents of a file as they are written: no object is made of a tag, and each node keeps its line. */
final class Yaml {
    private static final int LARGEST = 64 * 1024 * 1024;

    /** Deeper than any manifest, the schemas of custom resources included, and less than a stack holds. */
    private static final int DEEPEST = 200;

    private Yaml() {}

    /** Adds every mapping among the documents of this text; what stands before a fault has been added when it is found. */
    static void read(String file, String text, List<Document> documents) throws UnreadableManifest {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        options.setNestingDepthLimit(DEEPEST);
        // Only nodes are made, so that a tag is a word. They are shared, not copied; what they unfold to is limited by
        // NodeLimits.
        try {
            NodeComposer composer = new NodeComposer(text, options);
            for (Node node = next(composer); node != null; node = next(composer)) {
                if (node instanceof MappingNode mapping) {
                    add(file, mapping, documents);
                }
            }
        } catch (MarkedYAMLException e) {
            throw new UnreadableManifest(
                    file + ":" + lineOf(e) + ": " + oneLine(String.valueOf(e.getProblem())) + " (expected: YAML)");
        } catch (YAMLException e) {
            throw new UnreadableManifest(file + ": " + oneLine(String.valueOf(e.getMessage())) + " (expected: YAML)");
        }
    }

    /** The scanner fails as the JDK does at some escapes that are none, such as {@code "\\x} at the end of a text. */
    private static @Nullable Node next(NodeComposer composer) {
        try {
            return composer.next();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new YAMLException("line " + composer.line() + " cannot be read", e);
        }
    }

    private static void add(String file, MappingNode root, List<Document> documents) throws UnreadableManifest {
        // Other YAML may be what it likes; it is skipped.
        boolean manifest = NodeLimits.hasKey(root, "apiVersion") && NodeLimits.hasKey(root, "kind");
        if (manifest || NodeLimits.hasOddKey(root)) {
            NodeLimits.check(file, root);
        }
        documents.add(new Document(file, Field.root(root)));
    }

    /** A key without its colon is noticed a line too late. */
    private static int lineOf(MarkedYAMLException e) {
        boolean early =
                e.getContextMark() != null && String.valueOf(e.getContext()).contains("simple key");
        Mark mark = early ? e.getContextMark() : e.getProblemMark();
        return mark == null ? 1 : mark.getLine() + 1;
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s+", " ");
    }
}
