package dev.lastcall.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.testing.FreePort;
import dev.lastcall.testing.ToolServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpToolTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = VERTX.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    private static final ToolServer SERVER = ToolServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
        VERTX.close();
    }

    @Test
    void answerIsTheModelsAsItIsAndTheKeyIsSentAlong() throws Exception {
        assertThat(call("/echo", LONG)).isEqualTo(new ToolAnswer.Said("said {\"at\":1}"));
        assertThat(SERVER.requests("/echo")).contains(new ToolServer.Request("/echo", "key", "{\"at\":1}"));
    }

    @Test
    void definitionHasWhatWasDeclared() {
        assertThat(tool("http://localhost:1/", LONG).definition())
                .isEqualTo(
                        new JsonObject(
                                "{\"type\":\"function\",\"name\":\"look\",\"description\":\"Looks.\",\"parameters\":{\"type\":\"object\"}}"));
    }

    @Test
    void errorOfTheToolIsAFailureInItsOwnWords() throws Exception {
        assertThat(call("/fails", LONG)).isEqualTo(new ToolAnswer.Failed("the tool answered 500: out of paper"));
    }

    @Test
    void redirectIsNotFollowed() throws Exception {
        int before = SERVER.requests("/echo").size();
        assertThat(call("/moved", LONG))
                .isEqualTo(new ToolAnswer.Failed("the tool answered 307; redirects are not followed"));
        assertThat(SERVER.requests("/echo")).hasSize(before);
    }

    @Test
    void longAnswerIsNotRead() throws Exception {
        assertThat(call("/large", LONG))
                .isInstanceOfSatisfying(ToolAnswer.Failed.class, failed -> assertThat(failed.reason())
                        .contains("more than 1024 bytes"));
    }

    @Test
    void answerThatIsNoTextIsAFailure() throws Exception {
        assertThat(call("/binary", LONG))
                .isInstanceOfSatisfying(ToolAnswer.Failed.class, failed -> assertThat(failed.reason())
                        .contains("no UTF-8"));
    }

    @Test
    void toolThatDoesNotAnswerInTimeLeavesTheOutcomeUnknown() throws Exception {
        assertThat(call("/held", Duration.ofMillis(300)))
                .isEqualTo(new ToolAnswer.Unknown("the tool did not answer within 300ms"));
    }

    @Test
    void toolThatIsNotThereWasNotCalled() throws Exception {
        ToolAnswer answer =
                await(tool("http://127.0.0.1:" + FreePort.next() + "/", LONG).call("key", "{}"));
        assertThat(answer).isInstanceOfSatisfying(ToolAnswer.Failed.class, failed -> assertThat(failed.reason())
                .contains("not called"));
    }

    @Test
    void argumentsThatAreNoObjectAreNotSent() throws Exception {
        for (String arguments : new String[] {"", "x", "[]", "null"}) {
            assertThat(await(tool(SERVER.url("/never"), LONG).call("key", arguments)))
                    .as(arguments)
                    .isInstanceOf(ToolAnswer.Failed.class);
        }
        assertThat(SERVER.requests("/never")).isEmpty();
    }

    @Test
    void answerThatIsNotHttpLeavesTheOutcomeUnknown() throws Exception {
        assertThat(answeredWith("nonsense\r\n\r\n")).isInstanceOf(ToolAnswer.Unknown.class);
    }

    @Test
    void connectionThatBreaksInTheAnswerLeavesTheOutcomeUnknown() throws Exception {
        assertThat(answeredWith("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))
                .isInstanceOf(ToolAnswer.Unknown.class);
    }

    @Test
    void cancelledCallClosesTheConnection() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<ToolAnswer> call = tool("http://127.0.0.1:" + server.getLocalPort() + "/", LONG)
                    .call("key", "{}");
            try (Socket socket = server.accept()) {
                Awaitility.await()
                        .untilAsserted(() ->
                                assertThat(socket.getInputStream().available()).isPositive());
                socket.getInputStream().skip(socket.getInputStream().available());
                call.cancel(false);
                socket.setSoTimeout((int) LONG.toMillis());
                assertThat(readToEnd(socket)).isTrue();
            }
        }
    }

    /** False where the time is up. */
    private static boolean readToEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Returns the result of a call that is answered with these bytes and the end of the connection. */
    private static ToolAnswer answeredWith(String bytes) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<ToolAnswer> call = tool("http://127.0.0.1:" + server.getLocalPort() + "/", LONG)
                    .call("key", "{}");
            try (Socket socket = server.accept()) {
                // Read first: unread bytes would turn the close into a reset.
                Awaitility.await()
                        .untilAsserted(() ->
                                assertThat(socket.getInputStream().available()).isPositive());
                socket.getInputStream().skip(socket.getInputStream().available());
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
            }
            return await(call);
        }
    }

    private static ToolAnswer call(String path, Duration timeout) throws Exception {
        return await(tool(SERVER.url(path), timeout).call("key", "{\"at\":1}"));
    }

    private static ToolAnswer await(CompletableFuture<ToolAnswer> answer) throws Exception {
        return answer.get(60, TimeUnit.SECONDS);
    }

    private static HttpTool tool(String url, Duration timeout) {
        JsonObject schema = new JsonObject().put("type", "object");
        Declaration declared = new Declaration("look", URI.create(url), "Looks.", schema, false, timeout, 1024);
        return new HttpTool(declared, VERTX, CLIENT);
    }
}
