package dev.lastcall.lint;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the documents of a file as they are written: no object is made of a tag, and each node keeps its line. */
final class Yaml {
    private static final int LARGEST = 16 * 1024 * 1024;

    private Yaml() {}

    /** Every mapping among the documents of this text. */
    static List<Document> read(String file, String text) throws UnreadableManifest {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST);
        List<Document> documents = new ArrayList<>();
        try {
            for (Node node : new org.yaml.snakeyaml.Yaml(options).composeAll(new StringReader(text))) {
                if (node instanceof MappingNode) {
                    documents.add(new Document(file, Field.root(node)));
                }
            }
        } catch (MarkedYAMLException e) {
            int line = lineOf(e);
            throw new UnreadableManifest(file + ":" + line + ": " + oneLine(e.getProblem())
                    + " (expected: YAML; a template must be rendered first)");
        } catch (YAMLException e) {
            throw new UnreadableManifest(file + ": " + oneLine(String.valueOf(e.getMessage())) + " (expected: YAML)");
        }
        return documents;
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
