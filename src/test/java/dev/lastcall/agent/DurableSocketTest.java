package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lastcall.model.TestModel;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A run outlives the connection on which it was begun, and its client can find it again. */
@QuarkusTest
@TestProfile(DurableWire.class)
class DurableSocketTest {
    @TestHTTPResource("/agent/ws")
    URI address = URI.create("");

    private final HttpClient client = HttpClient.newHttpClient();
    private final SocketMessages messages = new SocketMessages();

    @Test
    void firstMessageHasTheRunAndEveryMessageItsId() throws Exception {
        WebSocket socket = connect("key-a");
        send(socket, "count to 2");

        JsonObject run = new JsonObject(messages.next());
        assertThat(run.fieldNames()).containsExactly("type", "run", "resume");
        assertThat(run.getString("type")).isEqualTo("run");
        assertThat(run.getString("resume")).isEqualTo("/agent/runs/" + run.getString("run") + "/events");
        assertThat(messages.next()).isEqualTo("{\"id\":4,\"type\":\"token\",\"n\":0,\"text\":\"1 \"}");
        assertThat(messages.next()).isEqualTo("{\"id\":5,\"type\":\"token\",\"n\":1,\"text\":\"2 \"}");
        assertThat(new JsonObject(messages.next()).getMap())
                .containsEntry("id", 9)
                .containsEntry("reason", "completed")
                .containsEntry("run", run.getString("run"));
        socket.abort();
    }

    @Test
    void connectionThatBreaksStopsNothing() throws Exception {
        WebSocket socket = connect("key-a");
        String input = "hold on to it";
        send(socket, input);
        String run = new JsonObject(messages.next()).getString("run");
        assertThat(messages.next()).contains("\"hold \"");

        socket.abort();

        // The socket's close is on its way; a run that it stopped would end soon, and this one does not by itself.
        HttpResponse<String> standing =
                client.send(request("/agent/runs/" + run).build(), BodyHandlers.ofString());
        assertThat(new JsonObject(standing.body()).getString("status")).isEqualTo("running");
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(TestModel.cancels(input)).isZero());
        client.send(
                request("/agent/runs/" + run + "/cancel")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
        assertThat(TestModel.cancels(input)).isOne();
    }

    @Test
    void withoutAKeyNoSocketIsOpened() {
        assertThatThrownBy(() -> connect("none"))
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> {
                    assertThat(refused.getResponse().statusCode()).isEqualTo(401);
                    assertThat(refused.getResponse().headers().firstValue("www-authenticate"))
                            .hasValue("Bearer");
                });
    }

    private WebSocket connect(String key) throws Exception {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + key)
                .buildAsync(URI.create("ws://" + address.getAuthority() + address.getPath()), messages)
                .get(60, TimeUnit.SECONDS);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + address.getAuthority() + path))
                .header("Authorization", "Bearer key-a");
    }

    private static void send(WebSocket socket, String input) throws Exception {
        socket.sendText(new JsonObject().put("input", input).encode(), true).get(60, TimeUnit.SECONDS);
    }
}
