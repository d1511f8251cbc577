package dev.lastcall.rehearsal.pod;

import dev.lastcall.process.SpawnedProgram;
import dev.lastcall.rehearsal.client.ClientLoss;
import dev.lastcall.rehearsal.client.LoadAnswer;
import dev.lastcall.rehearsal.client.LoadConnection;
import dev.lastcall.rehearsal.client.LoadRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An action of the kubelet for a probe or a hook. Immutable. */
public interface PodAction {
    /**
     * Does it; returns the answer where there is one.
     *
     * @param limit after which it has failed
     * @throws ClientLoss where a request was not answered
     * @throws IOException where a program failed; the message says how
     */
    Optional<LoadAnswer> run(PodContext pod, Duration limit) throws ClientLoss, IOException, InterruptedException;

    /** Returns what it does, in words. */
    String words();

    /**
     * A GET.
     *
     * @param port a number or a placeholder
     * @param headers besides those of every request
     */
    record HttpGet(String port, String path, Map<String, String> headers) implements PodAction {
        public HttpGet {
            Map<String, String> all = new HashMap<>(headers);
            // A server may leave the kubelet's requests out of what it counts.
            all.putIfAbsent("User-Agent", "kube-probe/1.33");
            headers = Map.copyOf(all);
        }

        @Override
        public Optional<LoadAnswer> run(PodContext pod, Duration limit) throws ClientLoss {
            try (LoadConnection connection = LoadConnection.open(number(pod, port))) {
                LoadRequest request = new LoadRequest("GET", pod.ports().fill(path), "", headers);
                return Optional.of(connection.exchange(request, false, limit, next -> {}));
            }
        }

        @Override
        public String words() {
            return "GET http://127.0.0.1:" + port + path;
        }
    }

    /**
     * A connection that is closed at once.
     *
     * @param port a number or a placeholder
     */
    record TcpConnect(String port) implements PodAction {
        @Override
        public Optional<LoadAnswer> run(PodContext pod, Duration limit) throws ClientLoss {
            LoadConnection.open(number(pod, port)).close();
            return Optional.empty();
        }

        @Override
        public String words() {
            return "a connection to 127.0.0.1:" + port;
        }
    }

    /** A time that passes. */
    record Wait(Duration time) implements PodAction {
        @Override
        public Optional<LoadAnswer> run(PodContext pod, Duration limit) throws InterruptedException {
            // Ended by nothing but time and an interrupt.
            new java.util.concurrent.CountDownLatch(1)
                    .await(Math.min(time.toMillis(), limit.toMillis()), TimeUnit.MILLISECONDS);
            return Optional.empty();
        }

        @Override
        public String words() {
            return "sleep " + time.toMillis() / 1000.0;
        }
    }

    /** A program. */
    record Exec(List<String> command) implements PodAction {
        @Override
        public Optional<LoadAnswer> run(PodContext pod, Duration limit) throws IOException, InterruptedException {
            SpawnedProgram program =
                    SpawnedProgram.start(command.stream().map(pod.ports()::fill).toList(), pod.variables());
            OutputTail tail = new OutputTail();
            tail.follow(program.process().getInputStream(), words());
            try {
                if (!program.process().waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("did not end in " + limit.toMillis() / 1000.0 + " s");
                }
                int code = program.process().exitValue();
                if (code != 0) {
                    List<String> lines = tail.lines(true);
                    throw new IOException(
                            "exit code " + code + (lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1)));
                }
                return Optional.empty();
            } finally {
                program.kill();
            }
        }

        @Override
        public String words() {
            return String.join(" ", command);
        }
    }

    private static int number(PodContext pod, String port) {
        return Integer.parseInt(pod.ports().fill(port));
    }
}
