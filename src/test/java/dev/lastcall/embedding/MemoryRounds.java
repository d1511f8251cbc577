package dev.lastcall.embedding;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Loads the model, uses it and gives it up, again and again, and prints by how many bytes the process is larger than after the first time. */
final class MemoryRounds {
    private final ModelLibrary library;

    private MemoryRounds(List<Path> jars) {
        library = ModelLibrary.of(jars);
    }

    /**
     * Prints one line.
     *
     * @param args how often; the jars, divided by commas
     */
    public static void main(String... args) {
        List<Path> jars = Stream.of(args[1].split(",", -1)).map(Path::of).toList();
        new MemoryRounds(jars).measure(Integer.parseInt(args[0]));
    }

    private void measure(int rounds) {
        // For the library itself, which stays mapped, and for the JVM's own memory of the code.
        for (int i = 0; i < 3; i++) {
            useAndClose();
        }
        long before = resident();
        Encoder encoder = encoder();
        encoder.encode(List.of("one sentence"));
        long loaded = ResidentMemory.bytes();
        encoder.close();
        long closed = resident();
        for (int i = 0; i < rounds; i++) {
            useAndClose();
        }
        System.out.printf("loaded=%d closed=%d last=%d%n", loaded - before, closed - before, resident() - before);
    }

    private Encoder encoder() {
        return new Encoder(library.tokenizer(), library.session(2));
    }

    private void useAndClose() {
        try (Encoder encoder = encoder()) {
            encoder.encode(List.of("one sentence"));
        }
    }

    private static long resident() {
        System.gc();
        ResidentMemory.trim();
        return ResidentMemory.bytes();
    }
}
