package dev.lastcall.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A packaged application as a process under measurement, on free ports and without databases. */
final class Server implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^ ]+?:([0-9]+)(?![0-9])");

    private final Process process;
    private final int port;

    private Server(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns when it listens. The serial collector: the other one's threads would add their own noise. */
    static Server start(Path application, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-Dquarkus.http.host=127.0.0.1"));
        command.addAll(List.of("-Dquarkus.http.port=0", "-Dquarkus.management.port=0"));
        command.addAll(List.of("-Dquarkus.datasource.active=false", "-Dquarkus.redis.active=false"));
        command.addAll(List.of(options));
        command.addAll(List.of("-jar", application.resolve("quarkus-run.jar").toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new Server(process, portIn(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int portIn(Process process) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder seen = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                drain(reader);
                return Integer.parseInt(listening.group(1));
            }
            seen.append(line).append('\n');
        }
        throw new IOException("it ended before it listened:\n" + seen);
    }

    /** A full pipe would stop the process. */
    private static void drain(BufferedReader reader) {
        Thread thread = new Thread(() -> reader.lines().forEach(line -> {}), "output");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port;
    }

    /** User and system time so far; /proc counts it in steps of 10 ms. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** From SIGTERM to the end of the process. */
    Duration end() throws InterruptedException {
        long signal = System.nanoTime();
        // Not the process' own destroy, which closes its output under the reader.
        process.toHandle().destroy();
        process.waitFor();
        return Duration.ofNanos(System.nanoTime() - signal);
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }
}
