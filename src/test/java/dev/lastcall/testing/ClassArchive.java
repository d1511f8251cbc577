package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An archive of the packaged application's classes, dumped by a first process, which spares each further one the parsing and verifying of
 * them (JEP 350): a fifth of what a start takes. One for each jar and JVM.
 */
final class ClassArchive {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private ClassArchive() {}

    /** The options by which a JVM with these options uses the archive of this jar; dumps it where there is none. */
    static synchronized List<String> of(Path jar, List<String> jvm) {
        // Beside the application's folder, not in it: that is what an image copies.
        Path archive = jar.resolveSibling("../pods-" + System.getProperty("java.vm.version") + ".jsa")
                .toAbsolutePath()
                .normalize();
        try {
            if (!isCurrent(archive, jar)) {
                Files.deleteIfExists(archive);
                dump(archive, jar, jvm);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-XX:SharedArchiveFile=" + archive);
    }

    private static boolean isCurrent(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    private static void dump(Path archive, Path jar, List<String> jvm) {
        List<String> words = new ArrayList<>(jvm);
        words.add("-XX:ArchiveClassesAtExit=" + archive);
        ShortDrain.of().forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.addAll(List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0", "-jar", jar.toString()));
        try (ChildProcess first = ChildProcess.start(Command.java(words))) {
            first.awaitLine("started in [0-9.]+s\\.", LIMIT);
            first.signal("TERM");
            first.exitCode(LIMIT);
        }
    }
}
