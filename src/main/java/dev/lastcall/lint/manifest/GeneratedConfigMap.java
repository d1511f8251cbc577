package dev.lastcall.lint.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A ConfigMap as kustomize generates it, of literals and files of variables; it has no {@code apiVersion}, for nobody wrote it. Its values have
 * the lines of what they were made from.
 */
final class GeneratedConfigMap {
    private static final int LARGEST = 1024 * 1024;

    private final Document kustomization;
    private final List<NodeTuple> data = new ArrayList<>();

    private GeneratedConfigMap(Document kustomization) {
        this.kustomization = kustomization;
    }

    /** Returns those of one kustomization. */
    static List<Document> of(Document kustomization) {
        return kustomization.root().at("configMapGenerator").items().stream()
                .filter(each -> each.at("name").isPresent())
                .map(each -> new GeneratedConfigMap(kustomization).read(each))
                .toList();
    }

    private Document read(Field generator) {
        generator.at("literals").items().forEach(each -> add(each.text(), each));
        Stream.concat(generator.at("envs").items().stream(), Stream.of(generator.at("env")))
                .filter(Field::isPresent)
                .forEach(each -> lines(each.text()).forEach(line -> add(line, each)));
        Node root = mapping(
                generator,
                List.of(
                        entry(generator, "kind", scalar(generator, "ConfigMap")),
                        entry(
                                generator,
                                "metadata",
                                mapping(
                                        generator,
                                        List.of(entry(
                                                generator,
                                                "name",
                                                scalar(
                                                        generator,
                                                        generator.at("name").text()))))),
                        entry(generator, "data", mapping(generator, data))));
        return new Document(kustomization.file(), Field.root(root));
    }

    private void add(String written, Field place) {
        int sign = written.indexOf('=');
        if (sign > 0) {
            data.add(entry(
                    place, written.substring(0, sign).strip(), scalar(place, unquoted(written.substring(sign + 1)))));
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Reads the lines of a file; none where it cannot be read, which kustomize itself reports. */
    private List<String> lines(String file) {
        try {
            Path path = Path.of(kustomization.file()).resolveSibling(file);
            if (!Files.isRegularFile(path)) {
                return List.of();
            }
            try (InputStream stream = Files.newInputStream(path)) {
                return new String(stream.readNBytes(LARGEST), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.startsWith("#"))
                        .toList();
            }
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }

    private static Node mapping(Field place, List<NodeTuple> entries) {
        return new MappingNode(
                Tag.MAP,
                true,
                entries,
                place.node().getStartMark(),
                place.node().getEndMark(),
                DumperOptions.FlowStyle.BLOCK);
    }

    private static NodeTuple entry(Field place, String key, Node value) {
        return new NodeTuple(scalar(place, key), value);
    }

    private static ScalarNode scalar(Field place, String text) {
        return new ScalarNode(
                Tag.STR,
                true,
                text,
                place.node().getStartMark(),
                place.node().getEndMark(),
                DumperOptions.ScalarStyle.PLAIN);
    }
}
