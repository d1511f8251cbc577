package dev.lastcall.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.Application;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Futures;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs below {@code src/examples} that can run here, each replaced under load behind Lastcall: nothing is lost. */
class ExamplesIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Path EXAMPLES = Path.of("src", "examples");
    private static final List<String> OPTIONS = List.of("-Xmx256m");
    private static final String NODE = "node " + EXAMPLES.resolve("node").resolve("server.mjs");
    private static final String FASTAPI =
            "/usr/bin/python3 -m uvicorn app:app --port {port} --app-dir " + EXAMPLES.resolve("fastapi");

    @TempDir
    Path folder;

    @Test
    void nodeLosesRequestsAloneAndNoneBehindLastcall() throws Exception {
        assumeTrue(succeeds("node --version"), "skipped: no node on this machine");
        assertThat(rehearse(1, NODE).get("lost").asInt()).isPositive();
        assertLosesNothing(NODE);
    }

    @Test
    void fastApiLosesNothingBehindLastcall() throws Exception {
        assumeTrue(succeeds("/usr/bin/python3 -c 'import fastapi, uvicorn'"), "skipped: no FastAPI on this machine");
        assertLosesNothing(FASTAPI);
    }

    @Test
    void goLosesNothingBehindLastcall() throws Exception {
        Path program = folder.resolve("program");
        assumeTrue(
                succeeds("GO111MODULE=off GOFLAGS= go build -o " + program + " " + EXAMPLES.resolve("go/main.go")),
                "skipped: no go on this machine");
        assertLosesNothing(program.toString());
    }

    @Test
    void callsOfGrpcEndWithAllTheirMessages() throws Exception {
        assumeTrue(succeeds("node --version"), "skipped: no node on this machine");
        int port = FreePort.next();
        Vertx vertx = Vertx.vertx();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        Map<String, String> settings = ShortDrain.of("grace-period", "60s", "lame-duck.max", "2s");
        settings.put("lastcall.proxy.upstream", "http://127.0.0.1:" + port);
        settings.put("lastcall.proxy.listen", "127.0.0.1:0");
        settings.put("lastcall.proxy.protocol", "auto");
        Command server = Command.of("node", EXAMPLES.resolve("grpc/server.mjs").toString())
                .with(Map.of("PORT", Integer.toString(port)));
        try (ChildProcess program = ChildProcess.start(server);
                Pod pod = Pod.start(settings)) {
            Operator operator = new Operator(pod);
            org.awaitility.Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> operator.ask("GET", "/q/health/ready").statusCode() == 200);
            List<Future<String>> calls = new ArrayList<>();
            for (int call = 0; call < 10; call++) {
                calls.add(call(client, pod.httpPort(), "/example.Answers/Watch"));
            }
            operator.awaitInFlight(10);
            pod.signal("TERM");
            for (Future<String> call : calls) {
                assertThat(Futures.await(call)).isEqualTo("0 after 20 messages");
            }
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(operator.report().get("cut").asInt()).isZero();
            assertThat(program.isRunning()).isTrue();
        } finally {
            Futures.await(vertx.close());
        }
    }

    /** Its status, and how many messages came before. */
    private static Future<String> call(HttpClient client, int port, String path) {
        return client.request(HttpMethod.POST, port, "127.0.0.1", path)
                .map(request ->
                        request.putHeader("content-type", "application/grpc").putHeader("te", "trailers"))
                .compose(HttpClientRequest::send)
                .compose(response -> response.body()
                        .map(body -> response.getTrailer("grpc-status") + " after " + messages(body) + " messages"));
    }

    /** Each has five bytes before it: a flag and its length. */
    private static int messages(Buffer body) {
        int count = 0;
        for (int at = 0; at < body.length(); at += 5 + body.getInt(at + 1)) {
            count++;
        }
        return count;
    }

    private void assertLosesNothing(String command) throws Exception {
        JsonNode result = rehearse(0, command, "--supervised");
        assertThat(result.get("lost").asInt()).isZero();
        assertThat(result.get("replaced").asInt()).isEqualTo(1);
        assertThat(result.get("load"))
                .hasSize(3)
                .allSatisfy(load -> assertThat(load.get("served").asInt()).isPositive());
    }

    private JsonNode rehearse(int expected, String command, String... more) throws Exception {
        Path json = folder.resolve("result.json");
        List<String> words = new ArrayList<>(List.of("rehearse"));
        words.addAll(List.of("--replicas", "1", "--rounds", "1", "--users", "3", "--json", json.toString()));
        words.addAll(List.of("--command", command, "--ready", "/", "--path", "/", "--slow", "/slow"));
        words.addAll(List.of("--stream", "/events", "--withdrawal", "400ms..600ms", "--start-limit", "120s"));
        words.addAll(List.of(more));
        try (ChildProcess rehearsal = ChildProcess.start(Application.command(OPTIONS, words))) {
            int code = rehearsal.exitCode(LIMIT);
            assertThat(code).as(() -> String.join("\n", rehearsal.lines())).isEqualTo(expected);
        }
        return new ObjectMapper().readTree(Files.readString(json));
    }

    private static boolean succeeds(String command) {
        try (ChildProcess shell = ChildProcess.start(Command.of("sh", "-c", command))) {
            return shell.exitCode(LIMIT) == 0;
        }
    }
}
