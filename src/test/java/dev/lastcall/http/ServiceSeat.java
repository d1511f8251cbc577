package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainSettings;
import dev.lastcall.fuzz.Talk;
import java.time.Duration;

/** The service's server under strange connections: it answers, forgets them, and serves the next one. */
final class ServiceSeat implements AutoCloseable {
    private static final byte[] PLAIN = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final GatedServer server = new GatedServer(
            DrainSettings.defaults(), context -> context.response().end("ok"));

    byte[] talk(byte[] words) {
        byte[] answer = Talk.with(server.port(), words);
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).until(() -> server.inFlight.count() == 0);
        return answer;
    }

    void assertServes() {
        assertThat(new String(talk(PLAIN), java.nio.charset.StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok");
    }

    @Override
    public void close() {
        server.close();
    }
}
