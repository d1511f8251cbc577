package dev.lastcall.lint.manifest;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A place in a document, filled or not, that knows its path and its line: an empty one has the line of what it is missing from. What lies
 * below is read once. For one thread.
 */
public final class Field {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final @Nullable Field parent;
    private final String step;
    private final int line;
    private final @Nullable Node node;

    private @Nullable Map<String, Field> children;
    private @Nullable List<Field> items;

    private Field(@Nullable Field parent, String step, int line, @Nullable Node node) {
        this.parent = parent;
        this.step = step;
        this.line = line;
        this.node = node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    /** The whole content of a document. */
    public static Field root(Node node) {
        return new Field(null, "", lineOf(node), node);
    }

    /** The same content as a document of its own, an item of a list for example. */
    public Field asRoot() {
        return new Field(null, "", line, node);
    }

    /** Returns the field at these keys. */
    public Field at(String... keys) {
        Field field = this;
        for (String key : keys) {
            Field child = field.children().get(key);
            field = child == null ? new Field(field, key, field.line, null) : child;
        }
        return field;
    }

    /** The elements of a list; none where this is not one. */
    public List<Field> items() {
        if (items == null) {
            List<Field> found = new ArrayList<>();
            if (node instanceof SequenceNode sequence) {
                for (Node item : sequence.getValue()) {
                    found.add(new Field(this, "[" + found.size() + "]", lineOf(item), item));
                }
            }
            items = List.copyOf(found);
        }
        return items;
    }

    /** The names below this place; none where it has none. */
    public List<String> keys() {
        return List.copyOf(children().keySet());
    }

    /** The scalars below this place by their names. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        children().forEach((key, child) -> texts.put(key, child.text()));
        return texts;
    }

    /** Whether something is written here; an explicit {@code null} is nothing. */
    public boolean isPresent() {
        return node != null;
    }

    /** Returns the node that is written here. */
    Node node() {
        return Objects.requireNonNull(node, "nothing is written here");
    }

    /** Whether a sequence is written here. */
    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The scalar as it is written, empty where there is none. */
    public String text() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /** Whether exactly this scalar is written here. */
    public boolean is(String expected) {
        return text().equals(expected);
    }

    /** The number written here; none where something else is. */
    public OptionalLong number() {
        String text = text();
        return NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /** The same as maps, lists, strings, numbers and booleans; null where nothing is written. */
    public @Nullable Object plain() {
        if (node instanceof MappingNode) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            children().forEach((key, child) -> map.put(key, child.plain()));
            return map;
        }
        if (node instanceof SequenceNode) {
            List<@Nullable Object> list = new ArrayList<>();
            items().forEach(item -> list.add(item.plain()));
            return list;
        }
        if (node == null) {
            return null;
        }
        String text = text();
        if (node.getTag().equals(Tag.INT) && number().isPresent() && !text.matches("0[0-9]+")) {
            return Long.parseLong(text);
        }
        return node.getTag().equals(Tag.BOOL) ? (Object) text.matches("(?i)true|yes|on") : text;
    }

    /** The keys from the document's root; an element of a list is {@code [0]}. */
    public List<String> steps() {
        Deque<String> steps = new ArrayDeque<>();
        for (Field field = this; field.parent != null; field = field.parent) {
            steps.addFirst(field.step);
        }
        return List.copyOf(steps);
    }

    /** Returns the path from the document's root, as in {@code spec.template.spec.containers[0].image}. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (String each : steps()) {
            path.append(path.length() == 0 || each.startsWith("[") ? "" : ".").append(each);
        }
        return path.toString();
    }

    /** Returns the line, counted from 1. */
    public int line() {
        return line;
    }

    private Map<String, Field> children() {
        if (children == null) {
            Map<String, Field> found = new LinkedHashMap<>();
            if (node instanceof MappingNode mapping) {
                for (NodeTuple entry : Merged.entries(mapping)) {
                    if (entry.getKeyNode() instanceof ScalarNode name) {
                        String key = name.getValue();
                        found.put(key, new Field(this, key, lineOf(name), entry.getValueNode()));
                    }
                }
            }
            children = found;
        }
        return children;
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
