package dev.lastcall.lint;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.ComposerException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Makes the nodes of a text's documents from the parser's events. SnakeYAML's own composer looks for comments at each node, and its marks keep
 * the text around them, which is a third of the time for a large file. For one thread.
 */
final class NodeComposer {
    private final LoaderOptions options;
    private final StreamReader reader;
    private final Parser parser;
    private final Resolver resolver = new Resolver();
    private final Map<String, Node> anchors = new HashMap<>();
    private int depth;

    NodeComposer(String text, LoaderOptions options) {
        this.options = options;
        this.reader = new LineReader(text);
        this.parser = new ParserImpl(reader, options);
        parser.getEvent();
    }

    /** The line that is being read, from 1. */
    int line() {
        return reader.getLine() + 1;
    }

    /** Returns the next document's root; null at the end of the text. */
    @Nullable
    Node next() {
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return null;
        }
        parser.getEvent();
        Node root = node(parser.getEvent());
        parser.getEvent();
        anchors.clear();
        return root;
    }

    private Node node(Event event) {
        if (event instanceof AliasEvent alias) {
            Node known = anchors.get(alias.getAnchor());
            if (known == null) {
                throw new UndefinedAlias(alias.getAnchor(), alias.getStartMark());
            }
            return known;
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar);
        }
        depth++;
        if (depth > options.getNestingDepthLimit()) {
            throw new YAMLException("Nesting Depth exceeded max " + options.getNestingDepthLimit());
        }
        Node made =
                event instanceof SequenceStartEvent sequence ? sequence(sequence) : mapping((MappingStartEvent) event);
        depth--;
        return made;
    }

    private Node scalar(ScalarEvent event) {
        String tag = event.getTag();
        Tag known = tag == null || tag.equals("!")
                ? resolver.resolve(
                        NodeId.scalar, event.getValue(), event.getImplicit().canOmitTagInPlainScalar())
                : new Tag(tag);
        return anchored(
                event,
                new ScalarNode(
                        known,
                        true,
                        event.getValue(),
                        event.getStartMark(),
                        event.getEndMark(),
                        event.getScalarStyle()));
    }

    private Node sequence(SequenceStartEvent event) {
        List<Node> items = new ArrayList<>();
        Node made = anchored(
                event,
                new SequenceNode(
                        tag(event.getTag(), Tag.SEQ),
                        true,
                        items,
                        event.getStartMark(),
                        event.getEndMark(),
                        event.getFlowStyle()));
        while (!parser.checkEvent(Event.ID.SequenceEnd)) {
            items.add(node(parser.getEvent()));
        }
        parser.getEvent();
        return made;
    }

    private Node mapping(MappingStartEvent event) {
        List<NodeTuple> entries = new ArrayList<>();
        Node made = anchored(
                event,
                new MappingNode(
                        tag(event.getTag(), Tag.MAP),
                        true,
                        entries,
                        event.getStartMark(),
                        event.getEndMark(),
                        event.getFlowStyle()));
        while (!parser.checkEvent(Event.ID.MappingEnd)) {
            Node key = node(parser.getEvent());
            entries.add(new NodeTuple(key, node(parser.getEvent())));
        }
        parser.getEvent();
        return made;
    }

    /** Notes a node's anchor before its content is read, since a value may contain itself. */
    private Node anchored(NodeEvent event, Node node) {
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), node);
        }
        return node;
    }

    private static Tag tag(@Nullable String written, Tag usual) {
        return written == null || written.equals("!") ? usual : new Tag(written);
    }

    /** The word of SnakeYAML's own composer. */
    private static final class UndefinedAlias extends ComposerException {
        private static final long serialVersionUID = 1;

        UndefinedAlias(String name, Mark place) {
            super(null, null, "found undefined alias " + name, place);
        }
    }

    /** Marks without the text around them, and one for each place. */
    private static final class LineReader extends StreamReader {
        private static final int[] NOTHING = {};

        private @Nullable Mark last;

        LineReader(String text) {
            super(new StringReader(text));
        }

        @Override
        public Mark getMark() {
            Mark known = last;
            if (known == null || known.getIndex() != getIndex()) {
                known = new Mark("", getIndex(), getLine(), getColumn(), NOTHING, 0);
                last = known;
            }
            return known;
        }
    }
}
