package dev.lastcall.rehearsal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way of losing an answer, on a loopback socket. */
class LoadConnectionTest {
    private static final LoadRequest REQUEST = new LoadRequest("GET", "/", "");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|RESET",
                "HTTP/1.1 20|CUT_HEAD",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n|CUT_HEAD",
                "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nabc|CUT_BODY",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n|CUT_BODY",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n|CUT_BODY",
                "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n|GARBLED",
                "SSH-2.0-OpenSSH_9.2\\r\\n|GARBLED",
                "HTTP/1.1 503 No\\r\\nRetry-After: 1\\r\\nContent-Length: 0\\r\\n\\r\\n|TURNED_AWAY",
                "HTTP/1.1 503 No\\r\\nContent-Length: 0\\r\\n\\r\\n|SERVER_ERROR",
                "HTTP/1.1 404 No\\r\\nContent-Length: 0\\r\\n\\r\\n|OTHER_STATUS"
            })
    void lossIsNamed(String answer, LossKind kind) throws Exception {
        assertThat(loss(answer.replace("\\r\\n", "\r\n")).kind()).isEqualTo(kind);
    }

    private static ClientLoss loss(String answer) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answer(server, answer));
            answering.setDaemon(true);
            answering.start();
            return catchThrowableOfType(ClientLoss.class, () -> ask(server.getLocalPort(), LIMIT));
        }
    }

    private static void ask(int port, Duration limit) throws ClientLoss {
        try (LoadConnection connection = LoadConnection.open(port)) {
            connection.exchange(REQUEST, true, limit, next -> {}).requireServed(200);
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket client = server.accept()) {
            while (client.getInputStream().read() != '\n'
                    || client.getInputStream().available() > 0) {
                // The request, to its end: what is not read would reset the connection.
            }
            OutputStream out = client.getOutputStream();
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void portThatNobodyListensOnRefuses() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertThat(catchThrowableOfType(ClientLoss.class, () -> ask(port, LIMIT))
                        .kind())
                .isEqualTo(LossKind.REFUSED);
    }

    @Test
    void silenceIsATimeOut() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Duration soon = Duration.ofMillis(100);
            assertThat(catchThrowableOfType(ClientLoss.class, () -> ask(server.getLocalPort(), soon))
                            .kind())
                    .isEqualTo(LossKind.TIME_OUT);
        }
    }
}
