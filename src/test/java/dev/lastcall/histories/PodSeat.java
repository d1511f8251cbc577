package dev.lastcall.histories;

import static dev.lastcall.testing.Futures.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.drain.Totals;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import dev.lastcall.testing.stubborn.TimedAnswers;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The place where a history happens: the packaged application as a process of its own, and what is behind it. */
final class PodSeat implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path SERVICE =
            Path.of(System.getProperty("lastcall.stubborn-jar", "target/stubborn/target/quarkus-app/quarkus-run.jar"));

    final Kind kind;
    final Pod pod;
    final Operator operator;
    private final Vertx behind = Vertx.vertx();
    private final Optional<ProcessHandle> program;

    enum Kind {
        SERVICE,
        SIDECAR,
        /** A program that ends when it is asked, the line server, and the sidecar before both. */
        SUPERVISOR
    }

    PodSeat(Kind kind) {
        this.kind = kind;
        Map<String, String> settings = ShortDrain.of("grace-period", "6s", "lame-duck.max", "500ms");
        try {
            if (kind == Kind.SERVICE) {
                pod = Pod.start(SERVICE, service(settings));
            } else {
                sidecar(settings);
                pod = Pod.start(settings);
            }
            operator = new Operator(pod);
            program = kind == Kind.SUPERVISOR ? Optional.of(program()) : Optional.empty();
        } catch (Throwable e) {
            behind.close();
            throw e;
        }
    }

    /** Its parts that do not want to end are told to behave. */
    private static Map<String, String> service(Map<String, String> settings) {
        settings.put("stubborn", "false");
        return settings;
    }

    private void sidecar(Map<String, String> settings) {
        int port = await(behind.createHttpServer()
                        .requestHandler(TimedAnswers::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        settings.put("lastcall.proxy.upstream", "http://127.0.0.1:" + port);
        settings.put("lastcall.proxy.listen", "127.0.0.1:0");
        if (kind == Kind.SUPERVISOR) {
            settings.put("lastcall.line-server.port", "0");
            settings.put("lastcall.process.app.command", "sh -c 'echo pid $$$$; while :; do sleep 0.1; done'");
            settings.put("lastcall.process.app.ready-pattern", "^pid");
        }
    }

    private ProcessHandle program() {
        String pid = pod.awaitLine("\\[dev\\.lastcall\\.process\\.app].* pid ([0-9]+)$", LIMIT)
                .group(1);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    int port(Client client) {
        return client == Client.LINE
                ? Integer.parseInt(pod.awaitLine("Listening on: tcp://0\\.0\\.0\\.0:(\\d+) name=line-server", LIMIT)
                        .group(1))
                : pod.httpPort();
    }

    /** Counted since the process began. */
    Totals totals() {
        return totals(operator.drain().get("since-start"));
    }

    static Totals totals(JsonNode json) {
        return new Totals(
                json.get("served").asLong(),
                json.get("rejected").asLong(),
                json.get("cut").asLong(),
                json.get("left").asLong(),
                json.get("crossed").asLong(),
                json.get("handed-off").asLong(),
                json.get("lost").asLong(),
                json.get("broken-off").asLong());
    }

    /** Whether the supervised program still runs. */
    boolean hasProgram() {
        return program.filter(ProcessHandle::isAlive).isPresent();
    }

    @Override
    public void close() {
        pod.close();
        await(behind.close());
    }
}
