package dev.lastcall.lint.manifest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** The entries of a mapping with what its merge keys bring in: the mapping's own entries win, and of two merged ones the first. */
final class Merged {
    private static final int DEEPEST = 50;

    private Merged() {}

    static Collection<NodeTuple> entries(MappingNode mapping) {
        // Nearly always.
        return mapping.getValue().stream().noneMatch(Merged::isMerge)
                ? mapping.getValue()
                : entries(mapping, 0).values();
    }

    private static Map<String, NodeTuple> entries(MappingNode mapping, int depth) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (isMerge(entry)) {
                merged.addAll(
                        entry.getValueNode() instanceof SequenceNode several
                                ? several.getValue()
                                : List.of(entry.getValueNode()));
            } else if (entry.getKeyNode() instanceof ScalarNode key) {
                entries.put(key.getValue(), entry);
            }
        }
        for (Node source : merged) {
            if (source instanceof MappingNode more && depth < DEEPEST) {
                entries(more, depth + 1).forEach(entries::putIfAbsent);
            }
        }
        return entries;
    }

    static boolean isMerge(NodeTuple entry) {
        return entry.getKeyNode() instanceof ScalarNode key
                && (key.getTag().equals(Tag.MERGE) || key.getValue().equals("<<"));
    }
}
