package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An archive of the packaged application's classes, dumped by a first process, which spares each further one the parsing and verifying of
 * them (JEP 350): a fifth of what a start takes. One for each jar and JVM, shared by all test JVMs of a build.
 */
final class ClassArchive {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private ClassArchive() {}

    /** The option by which a JVM uses the archive of this jar; dumps it, by a JVM with these options, where there is none. */
    static synchronized String of(Path jar, List<String> jvm) {
        // Beside the application's folder, not in it: that is what an image copies.
        Path archive = jar.resolveSibling("../pods-" + System.getProperty("java.vm.version") + ".jsa")
                .toAbsolutePath()
                .normalize();
        // The build has two test JVMs at a time, which begin with the same need.
        try (FileChannel file = FileChannel.open(
                        Path.of(archive + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            if (!isCurrent(archive, jar)) {
                Path made = Path.of(archive + ".new");
                Files.deleteIfExists(made);
                dump(made, jar, jvm);
                Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            assert lock.isValid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "-XX:SharedArchiveFile=" + archive;
    }

    private static boolean isCurrent(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    private static void dump(Path archive, Path jar, List<String> jvm) throws IOException {
        List<String> words = new ArrayList<>(jvm);
        words.add("-XX:ArchiveClassesAtExit=" + archive);
        ShortDrain.of().forEach((name, value) -> words.add("-D" + name + "=" + value));
        words.addAll(List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0", "-jar", jar.toString()));
        try (ChildProcess first = ChildProcess.start(Command.java(words))) {
            first.awaitLine(Pod.STARTED, LIMIT);
            use(first);
            first.signal("TERM");
            first.exitCode(LIMIT);
        }
    }

    /**
     * Asks for what most tests ask for; an application that does not have it answers 404, which is as good. One without a management port is not
     * asked there.
     */
    private static void use(ChildProcess process) throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        for (String clients : address(process, Pod.HTTP)) {
            post(client, clients + "/agent/run", "{\"input\": \"count to 3\"}");
            post(client, clients + "/agent/stream", "{\"input\": \"count to 3\"}");
            post(client, clients + "/v1/responses", "{\"model\": \"m\", \"input\": \"count to 3\", \"stream\": true}");
        }
        for (String operators : address(process, Pod.MANAGEMENT)) {
            for (String path : List.of("/q/health/ready", "/q/metrics", "/drain", "/drain/in-flight")) {
                send(client, HttpRequest.newBuilder(URI.create(operators + path)));
            }
        }
    }

    /** Returns the address at which it listens, one at the most: it has started, and has said so. */
    private static List<String> address(ChildProcess process, String listening) {
        Pattern pattern = Pattern.compile(listening);
        return process.lines().stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(matcher -> "http://localhost:" + matcher.group(1))
                .limit(1)
                .toList();
    }

    private static void post(HttpClient client, String address, String body) throws IOException {
        send(
                client,
                HttpRequest.newBuilder(URI.create(address))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body)));
    }

    private static void send(HttpClient client, HttpRequest.Builder request) throws IOException {
        try {
            client.send(request.timeout(LIMIT).build(), BodyHandlers.discarding());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
