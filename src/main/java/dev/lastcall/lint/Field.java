package dev.lastcall.lint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A place in a document, filled or not, that knows its path and its line: an empty one has the line of what it is missing from. */
final class Field {
    /** Merge keys can be written as a circle. */
    private static final int DEEPEST_MERGE = 10;

    private static final String MERGE = "<<";

    private final String path;
    private final int line;
    private final @Nullable Node node;

    private Field(String path, int line, @Nullable Node node) {
        this.path = path;
        this.line = line;
        this.node = node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    static Field root(Node node) {
        return new Field("", lineOf(node), node);
    }

    /** What these keys lead to. */
    Field at(String... keys) {
        Field field = this;
        for (String key : keys) {
            field = field.child(key);
        }
        return field;
    }

    private Field child(String key) {
        String childPath = path.isEmpty() ? key : path + "." + key;
        NodeTuple entry =
                node instanceof MappingNode mapping ? entries(mapping, 0).get(key) : null;
        return entry == null
                ? new Field(childPath, line, null)
                : new Field(childPath, lineOf(entry.getKeyNode()), entry.getValueNode());
    }

    /** The elements of a list; none where this is not one. */
    List<Field> items() {
        List<Field> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                items.add(new Field(path + "[" + items.size() + "]", lineOf(item), item));
            }
        }
        return items;
    }

    /** The names below this place; none where it has none. */
    List<String> keys() {
        return node instanceof MappingNode mapping
                ? List.copyOf(entries(mapping, 0).keySet())
                : List.of();
    }

    /** The scalars below this place by their names. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        keys().forEach(key -> texts.put(key, at(key).text()));
        return texts;
    }

    boolean isPresent() {
        return node != null;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The scalar as it is written, empty where there is none. */
    String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    boolean is(String expected) {
        return text().equals(expected);
    }

    /** The number written here; none where something else is. */
    OptionalLong number() {
        String text = text();
        return text.matches("[0-9]{1,9}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** From the document's root, as in {@code spec.template.spec.containers[0].image}. */
    String path() {
        return path;
    }

    /** From 1. */
    int line() {
        return line;
    }

    /** With what merge keys bring in: the mapping's own entries win, and of two merged ones the first. */
    private static Map<String, NodeTuple> entries(MappingNode mapping, int depth) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                if (key.getTag().equals(Tag.MERGE) || key.getValue().equals(MERGE)) {
                    merged.addAll(
                            entry.getValueNode() instanceof SequenceNode several
                                    ? several.getValue()
                                    : List.of(entry.getValueNode()));
                } else {
                    entries.put(key.getValue(), entry);
                }
            }
        }
        for (Node source : merged) {
            if (source instanceof MappingNode more && depth < DEEPEST_MERGE) {
                entries(more, depth + 1).forEach(entries::putIfAbsent);
            }
        }
        return entries;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
