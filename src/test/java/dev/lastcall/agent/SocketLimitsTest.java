package dev.lastcall.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.model.TestModel;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One run too many is refused in words, as over HTTP, and the connection stays: the same input may be sent again on it. */
@QuarkusTest
@TestProfile(SocketLimitsTest.Few.class)
class SocketLimitsTest {
    /** One run for each tenant, and two in all. */
    public static final class Few implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.datasource.active", "false",
                    "lastcall.api.keys", "a:key-a,b:key-b,c:key-c",
                    "lastcall.run.max-per-tenant", "1",
                    "lastcall.run.max-owned", "2");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(TestModel.class);
        }
    }

    @TestHTTPResource("/agent/ws")
    URI address = URI.create("");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void runTooManyIsRefusedAndTheConnectionStays() throws Exception {
        SocketMessages held = new SocketMessages();
        WebSocket holder = connect("key-a", held);
        send(holder, "hold the only one");
        assertThat(held.next()).contains("\"token\"");
        SocketMessages second = new SocketMessages();
        WebSocket same = connect("key-a", second);

        send(same, "count to 1");

        assertRefused(second, "1 of your runs have not ended (expected: fewer than 1, lastcall.run.max-per-tenant)");
        SocketMessages other = new SocketMessages();
        WebSocket full = connect("key-b", other);
        send(full, "hold the last one");
        assertThat(other.next()).contains("\"token\"");
        SocketMessages third = new SocketMessages();
        WebSocket late = connect("key-c", third);
        send(late, "count to 1");
        assertRefused(third, "this process executes as many runs as it may (lastcall.run.max-owned)");

        holder.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
        full.sendClose(WebSocket.NORMAL_CLOSURE, "").get(60, TimeUnit.SECONDS);
        assertAccepted(same, second);
        assertAccepted(late, third);
        same.abort();
        late.abort();
    }

    private static void assertRefused(SocketMessages messages, String detail) throws InterruptedException {
        JsonObject error = new JsonObject(messages.next());
        assertThat(error.getString("detail")).startsWith(detail);
        assertThat(error.getMap())
                .containsEntry("type", "error")
                .containsEntry("status", 429)
                .containsEntry("retryable", true);
    }

    /** The end of the other run is on its way. */
    private static void assertAccepted(WebSocket socket, SocketMessages messages) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            send(socket, "count to 1");
            assertThat(messages.next()).isEqualTo("{\"type\":\"token\",\"n\":0,\"text\":\"1 \"}");
        });
    }

    private WebSocket connect(String key, SocketMessages messages) throws Exception {
        return client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + key)
                .buildAsync(URI.create("ws://" + address.getAuthority() + address.getPath()), messages)
                .get(60, TimeUnit.SECONDS);
    }

    private static void send(WebSocket socket, String input) throws Exception {
        socket.sendText(new JsonObject().put("input", input).encode(), true).get(60, TimeUnit.SECONDS);
    }
}
