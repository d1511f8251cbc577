package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lastcall.http.RawClient;
import dev.lastcall.testing.ChildProcess;
import dev.lastcall.testing.Command;
import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.Futures;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.Program;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocket;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The packaged application in the sidecar's seat, beside real programs and with real signals. */
class SidecarIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** 7 s of grace: CANCELLING after 2 s, the cut after 5 s. */
    private static Map<String, String> hurried() {
        return ShortDrain.of("grace-period", "7s", "cancel-reserve", "3s");
    }

    private static Pod before(int upstream, Map<String, String> drain) {
        drain.put("lastcall.proxy.upstream", "http://127.0.0.1:" + upstream);
        drain.put("lastcall.proxy.listen", "127.0.0.1:0");
        return Pod.start(drain);
    }

    private static Program app(int port) {
        return Program.start("dev.lastcall.proxy.ProxiedApp", Integer.toString(port));
    }

    private static int portOf(Program app) {
        return Integer.parseInt(app.await("app listens on (\\d+)"));
    }

    @Test
    void slowRequestIsAnsweredThroughSigtermAndTheOthersAreRefused() throws Exception {
        try (Program app = app(0);
                Pod pod = before(portOf(app), ShortDrain.of("grace-period", "30s"));
                RawClient slow = new RawClient(pod.httpPort());
                RawClient late = new RawClient(pod.httpPort());
                RawClient release = new RawClient(portOf(app))) {
            slow.get("/held");
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            pod.signal("TERM");
            pod.awaitLine("drain state=draining", LIMIT);
            assertThat(late.get("/agent/run").readAnswer()).startsWith("HTTP/1.1 503");
            assertThat(release.get("/release").readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(slow.readAnswer()).startsWith("HTTP/1.1 200").endsWith("{\"tokens\":2}");
            assertThat(pod.exitCode(LIMIT)).isZero();
            JsonNode report = operator.report();
            assertThat(report.get("served").asInt()).isOne();
            assertThat(report.get("rejected").asInt()).isOne();
            assertThat(report.get("release").toString()).contains("\"proxy\"");
        }
    }

    @Test
    void streamEndsProperlyAndIsNotCut() throws Exception {
        try (Program app = app(0);
                Pod pod = before(portOf(app), hurried());
                RawClient client = new RawClient(pod.httpPort())) {
            client.send("POST /agent/stream HTTP/1.1", "Host: a", "Content-Length: 6", "")
                    .write("100000");
            client.readTo("{\"n\":3}\n\n");
            pod.signal("TERM");
            assertThat(client.readTo("0\r\n\r\n")).endsWith("}\n\n\r\n0\r\n\r\n");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).report().get("cut").asInt()).isZero();
        }
    }

    @Test
    void webSocketIsClosedWithItsReason() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer echo = Futures.await(vertx.createHttpServer()
                .webSocketHandler(socket -> socket.handler(socket::write))
                .listen(0, "127.0.0.1"));
        try (Pod pod = before(echo.actualPort(), hurried());
                StreamClient streams = new StreamClient(pod.httpPort())) {
            WebSocket socket = Futures.await(vertx.createWebSocketClient().connect(pod.httpPort(), "127.0.0.1", "/"));
            CompletableFuture<String> closed = new CompletableFuture<>();
            socket.closeHandler(end -> closed.complete(socket.closeStatusCode() + " " + socket.closeReason()));
            streams.open(1, StreamClient.opening());
            assertThat(streams.answer(1).status()).hasToString("200");
            String masked = "\u0081\u0085\0\0\0\0hello";
            assertThat(streams.data(1, masked).read(1, 7)).isEqualTo("\u0082\u0005hello");
            new Operator(pod).awaitInFlight(2);
            pod.signal("TERM");
            assertThat(streams.read(1, 42)).startsWith("\u0088(\u0003\u00f4{\"reason\":\"shutdown\"");
            streams.data(1, "\u0088\u0082\0\0\0\0\u0003\u00f4").end(1);
            assertThat(closed.get(60, TimeUnit.SECONDS)).startsWith("1012 {\"reason\":\"shutdown\"");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(new Operator(pod).report().get("cut").asInt()).isZero();
        } finally {
            Futures.await(vertx.close());
        }
    }

    @Test
    void readinessIsTheApplicationsToo() throws Exception {
        try (Program app = app(0)) {
            int port = portOf(app);
            try (Pod pod = before(port, ShortDrain.of())) {
                Operator operator = new Operator(pod);
                assertThat(operator.ask("GET", "/q/health/ready").statusCode()).isEqualTo(200);
                app.terminate();
                assertThat(operator.ask("GET", "/q/health/ready").statusCode()).isEqualTo(503);
                assertThat(operator.ask("GET", "/q/health/live").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void applicationThatComesBackTakesItsPreStopBack() throws Exception {
        try (Program first = app(0)) {
            int port = portOf(first);
            try (Pod pod = before(port, ShortDrain.of("grace-period", "60s"))) {
                Operator operator = new Operator(pod);
                assertThat(operator.ask("GET", "/drain/pre-stop").statusCode()).isEqualTo(200);
                first.terminate();
                // It is looked at every half second, and must be seen down.
                await().during(Duration.ofSeconds(3)).atMost(LIMIT).untilAsserted(() -> assertThat(
                                operator.drain().get("state").asText())
                        .isEqualTo("drained"));
                try (Program second = app(port);
                        RawClient client = new RawClient(pod.httpPort())) {
                    assertThat(portOf(second)).isEqualTo(port);
                    operator.awaitState("serving");
                    assertThat(pod.lines()).anyMatch(line -> line.contains("WARN") && line.contains("expired"));
                    assertThat(client.get("/agent/run").readAnswer()).startsWith("HTTP/1.1 200");
                }
            }
        }
    }

    @Test
    void hundredTcpConnectionsAreDrainedAndTheStuckOneIsCut() throws Exception {
        Map<String, String> settings = ShortDrain.of("grace-period", "8s");
        try (Upstream echo = new Upstream(client -> {
            while (true) {
                client.send(client.readTo("\r\n").strip());
            }
        })) {
            settings.put("lastcall.proxy.tcp.echo.listen", "127.0.0.1:0");
            settings.put("lastcall.proxy.tcp.echo.upstream", "127.0.0.1:" + echo.port());
            try (Pod pod = Pod.start(settings)) {
                int port = Integer.parseInt(pod.awaitLine("Listening on: tcp://127.0.0.1:(\\d+)", LIMIT)
                        .group(1));
                List<RawClient> clients = new ArrayList<>();
                for (int i = 0; i < 101; i++) {
                    RawClient client = new RawClient(port);
                    client.send("hello");
                    client.readTo("hello\r\n");
                    clients.add(client);
                }
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                for (RawClient client : clients.subList(1, 101)) {
                    client.send("bye");
                    assertThat(client.readTo("\r\n")).isEqualTo("bye\r\n");
                    client.close();
                }
                assertThat(pod.exitCode(LIMIT)).isOne();
                JsonNode report = new Operator(pod).report();
                assertThat(report.get("cut").asInt()).isOne();
                assertThat(report.get("cuts").get(0).get("class").asText()).isEqualTo("tcp");
                assertThatThrownBy(() -> clients.get(0).readTo("x"))
                        .isInstanceOfAny(IOException.class, AssertionError.class);
            }
        }
    }

    /** It speaks HTTP/1.0 and closes behind each answer. */
    @Test
    void pythonsServerIsPassedOn() throws Exception {
        int port = FreePort.next();
        Assumptions.assumeTrue(hasPython(), "no python3");
        try (ChildProcess python = ChildProcess.start(
                        Command.of("python3", "-m", "http.server", Integer.toString(port), "--bind", "127.0.0.1")
                                .in(Path.of("k8s", "base")));
                Pod pod = before(port, ShortDrain.of())) {
            Operator operator = new Operator(pod);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(
                            operator.ask("GET", "/q/health/ready").statusCode())
                    .isEqualTo(200));
            try (RawClient client = new RawClient(pod.httpPort())) {
                for (int i = 0; i < 3; i++) {
                    assertThat(client.get("/service.yaml").readAnswer())
                            .startsWith("HTTP/1.1 200")
                            .contains("kind: Service");
                }
                assertThat(client.get("/missing").readTo("</html>")).startsWith("HTTP/1.1 404");
            }
            pod.signal("TERM");
            assertThat(pod.exitCode(LIMIT)).isZero();
            assertThat(python.isRunning()).isTrue();
        }
    }

    private static boolean hasPython() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
    }

    @Test
    void portThatIsTakenFailsTheStartWithItsKey() {
        try (Upstream taken = new Upstream(RawClient::readToEnd);
                Pod pod = Pod.launch(Map.of(
                        "lastcall.proxy.upstream",
                        "http://127.0.0.1:1",
                        "lastcall.proxy.listen",
                        "127.0.0.1:" + taken.port()))) {
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(pod.lines()).anyMatch(line -> line.startsWith("lastcall.proxy.listen: 127.0.0.1:"));
        }
    }
}
