package dev.lastcall;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The input of {@code native-image}: its arguments, our classes with all that was made for them, the libraries. */
final class NativeSources implements AutoCloseable {
    private static final String CONFIGURATION = "META-INF/native-image/";

    final Path directory;
    final List<String> arguments;
    final JarFile jar;

    private final Map<String, List<JsonNode>> reflective;
    private final List<Pattern> resources = new ArrayList<>();

    NativeSources(Path directory) throws IOException {
        this.directory = directory;
        arguments = List.of(
                Files.readString(directory.resolve("native-image.args")).strip().split("\\s+", -1));
        jar = new JarFile(
                directory.resolve(arguments.get(arguments.indexOf("-jar") + 1)).toFile());
        reflective = elements("reflect-config.json")
                .collect(groupingBy(entry -> entry.get("name").textValue()));
        for (JsonNode include : json(CONFIGURATION + "resource-config.json").at("/resources/includes")) {
            resources.add(Pattern.compile(include.get("pattern").textValue()));
        }
    }

    /** The libraries that the jar's manifest names. */
    List<Path> libraries() throws IOException {
        return Stream.of(jar.getManifest()
                        .getMainAttributes()
                        .getValue("Class-Path")
                        .split(" ", -1))
                .filter(name -> !name.isEmpty())
                .map(directory::resolve)
                .toList();
    }

    Set<String> entries() {
        return jar.stream().map(entry -> entry.getName()).collect(toSet());
    }

    boolean hasResource(String name) {
        return resources.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** @param what as the configuration calls it: {@code allDeclaredMethods} */
    boolean hasReflection(String type, String what) {
        return reflective.getOrDefault(type, List.of()).stream()
                .anyMatch(entry -> entry.path(what).asBoolean());
    }

    boolean isReflective(String type) {
        return reflective.containsKey(type);
    }

    JsonNode json(String entry) throws IOException {
        try (var in = jar.getInputStream(jar.getJarEntry(entry))) {
            return new ObjectMapper().readTree(in);
        }
    }

    private Stream<JsonNode> elements(String file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        json(CONFIGURATION + file).forEach(all::add);
        return all.stream();
    }

    @Override
    public void close() throws IOException {
        jar.close();
    }
}
