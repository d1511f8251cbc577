package dev.lastcall.lint;

import dev.lastcall.lint.manifest.UnreadableManifest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Refuses what kubectl refuses: a key twice, a key that is no name, a value that contains itself, aliases that unfold to a flood. Linear. */
final class NodeLimits {
    private static final long MOST_VALUES = 1_000_000;
    private static final int DEEPEST = 500;

    /** @param values unfolded; negative while it is being looked at */
    private record Size(long values, int depth) {}

    private static final Size OPEN = new Size(-1, 0);

    private final String file;
    private final IdentityHashMap<Node, Size> sizes = new IdentityHashMap<>();

    private NodeLimits(String file) {
        this.file = file;
    }

    static void check(String file, MappingNode root) throws UnreadableManifest {
        NodeLimits limits = new NodeLimits(file);
        Size whole = limits.sizeOf(root);
        // A large file without aliases is only large.
        if (whole.values > Math.max(MOST_VALUES, 10L * limits.sizes.size())) {
            throw new UnreadableManifest(
                    limits.at(root) + "aliases unfold to " + whole.values + " values (expected: a manifest)");
        }
    }

    static boolean hasKey(MappingNode node, String name) {
        return node.getValue().stream()
                .anyMatch(entry -> entry.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name));
    }

    /** {@code {{ … }}} of a template reads like a mapping whose key is a mapping. */
    static boolean hasOddKey(MappingNode node) {
        return node.getValue().stream().anyMatch(entry -> !(entry.getKeyNode() instanceof ScalarNode));
    }

    private Size sizeOf(Node node) throws UnreadableManifest {
        Size known = sizes.get(node);
        if (known != null && known.values < 0) {
            throw new UnreadableManifest(at(node) + "a value that contains itself (expected: a manifest)");
        }
        if (known != null) {
            return known;
        }
        sizes.put(node, OPEN);
        Size size = new Size(1, 1);
        for (Node child : children(node)) {
            Size each = sizeOf(child);
            size = new Size(
                    Math.min(Long.MAX_VALUE / 2, size.values + each.values), Math.max(size.depth, each.depth + 1));
        }
        if (size.depth > DEEPEST) {
            throw new UnreadableManifest(at(node) + "nested deeper than " + DEEPEST + " (expected: a manifest)");
        }
        sizes.put(node, size);
        return size;
    }

    private List<Node> children(Node node) throws UnreadableManifest {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (!(node instanceof MappingNode mapping)) {
            return List.of();
        }
        Map<String, Integer> lines = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw new UnreadableManifest(at(entry.getKeyNode()) + "a key that is no name (expected: a manifest)");
            }
            Integer first = lines.putIfAbsent(key.getValue(), lineOf(key));
            if (first != null && !key.getValue().equals("<<")) {
                throw new UnreadableManifest(at(key) + "the key \"" + key.getValue() + "\" stands in line " + first
                        + " already (expected: each key once)");
            }
        }
        return mapping.getValue().stream().map(NodeTuple::getValueNode).toList();
    }

    private String at(Node node) {

        return file + ":" + lineOf(node) + ": ";
    }

    private static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
