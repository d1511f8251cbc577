package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.impl.VertxInternal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests of which an HTTP/2 application has done nothing: they are sent again, whatever their method is (RFC 9113, 8.7); and that ends. */
class GoAwayTest {
    /** The most bytes of a body that are kept, to be sent again. */
    private static final int MOST_KEPT = 16 * 1024;

    private static final int NO_LAST = Integer.MAX_VALUE;
    private static final int MAX_CONCURRENT_STREAMS = 3;

    /** Of an application that takes nothing. */
    enum Manners {
        GOES,
        GOES_GRACEFULLY,
        ALLOWS_NO_STREAMS
    }

    private final AtomicInteger heads = new AtomicInteger();
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();

    private static ServedSidecar before(Upstream application) {
        return new ServedSidecar(ServedSidecar.settings(
                new HostPort("127.0.0.1", application.port()), UpstreamProtocol.HTTP2, ProxyTls.NONE));
    }

    private static byte[] settings(int... values) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(values.length * 3);
        for (int i = 0; i < values.length; i += 2) {
            payload.putShort((short) values[i]).putInt(values[i + 1]);
        }
        return Http2Frames.frame(Http2Frames.SETTINGS, 0, 0, payload.array());
    }

    private static byte[] goAway(int last) throws IOException {
        byte[] payload = ByteBuffer.allocate(8).putInt(last).putInt(0).array();
        return Http2Frames.frame(Http2Frames.GOAWAY, 0, 0, payload);
    }

    private static byte[] refusal(int stream) throws IOException {
        byte[] code = ByteBuffer.allocate(4)
                .putInt((int) Http2Error.REFUSED_STREAM.code())
                .array();
        return Http2Frames.frame(Http2Frames.RST_STREAM, 0, stream, code);
    }

    private static byte[] answer(int stream) throws IOException {
        return answer(stream, Http2Frames.END_HEADERS | Http2Frames.END_STREAM, "0");
    }

    private static byte[] answer(int stream, int flags, String length) throws IOException {
        try {
            return Http2Frames.headers(
                    stream, flags, new DefaultHttp2Headers().status("200").add("content-length", length));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] together(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    private static void begin(RawClient connection) throws IOException {
        connection.readTo("SM\r\n\r\n");
        connection.sendBytes(settings());
    }

    private int head(RawClient connection) throws IOException {
        int stream = Http2Frames.await(connection, Http2Frames.HEADERS).stream();
        heads.incrementAndGet();
        return stream;
    }

    /** A head and its body, in as many frames as it has; returns the stream. */
    private int request(RawClient connection) throws IOException {
        int stream = head(connection);
        StringBuilder body = new StringBuilder();
        while (true) {
            Http2Frames.Frame data = Http2Frames.await(connection, Http2Frames.DATA);
            body.append(StandardCharsets.ISO_8859_1.decode(data.payload()));
            if ((data.flags() & Http2Frames.END_STREAM) != 0) {
                bodies.add(body.toString());
                return stream;
            }
        }
    }

    private static RawClient post(ServedSidecar sidecar, String body) throws IOException {
        return sidecar.client()
                .send("POST / HTTP/1.1", "Host: localhost", "Content-Length: " + body.length(), "")
                .write(body);
    }

    private static CountDownLatch stopEventLoops(ServedSidecar sidecar) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        for (EventExecutor loop : loops(sidecar)) {
            loop.execute(() -> {
                stopped.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        stopped.await();
        return goOn;
    }

    @SuppressWarnings("deprecation")
    private static Iterable<EventExecutor> loops(ServedSidecar sidecar) {
        return ((VertxInternal) sidecar.vertx()).nettyEventLoopGroup();
    }

    /** The client's head is read, then the GOAWAY, then the head is written, whose body is late. */
    @Test
    void headThatWaitsForItsBodyWhenTheGoAwayIsReadIsNotLost() throws Exception {
        BlockingQueue<RawClient> first = new LinkedBlockingQueue<>();
        Upstream going = new Upstream(connection -> {
            begin(connection);
            if (first.isEmpty()) {
                connection.sendBytes(answer(head(connection)));
                first.add(connection);
            } else {
                connection.sendBytes(answer(request(connection)));
            }
            connection.readToEnd();
        });
        try (ServedSidecar sidecar = before(going);
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 200");
            CountDownLatch goOn = stopEventLoops(sidecar);
            client.send("POST / HTTP/1.1", "Host: localhost", "Content-Length: 4", "");
            first.element().sendBytes(goAway(1));
            goOn.countDown();
            sidecar.awaitEventLoops();
            client.write("body");

            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(bodies.poll(60, TimeUnit.SECONDS)).isEqualTo("body");
        } finally {
            going.close();
        }
    }

    /** Each connection takes one request, and says so with its answer; all that wait on it go on to the next. */
    @Test
    void answerAndGoAwayInOneWriteLoseNothingOfWhatIsQueued() throws Exception {
        Upstream going = new Upstream(connection -> {
            begin(connection);
            int stream = request(connection);
            connection.sendBytes(together(answer(stream), goAway(stream)));
            connection.readToEnd();
        });
        Vertx vertx = Vertx.vertx();
        try (ServedSidecar sidecar = before(going)) {
            List<Future<HttpClientResponse>> answers = posts(vertx, sidecar, 12);
            assertThat(await(Future.all(answers)).list())
                    .extracting(answer -> ((HttpClientResponse) answer).statusCode())
                    .containsOnly(200);
            assertThat(bodies).hasSize(12);
        } finally {
            await(vertx.close());
            going.close();
        }
    }

    /** On one connection of HTTP/2, so that one event loop has them. */
    private static List<Future<HttpClientResponse>> posts(Vertx vertx, ServedSidecar sidecar, int count) {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp2MaxSize(1));
        List<HttpClientRequest> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(await(client.request(HttpMethod.POST, sidecar.port(), "localhost", "/")));
        }
        List<Future<HttpClientResponse>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(requests.get(i).send(Buffer.buffer("body " + i)));
        }
        return answers;
    }

    @Test
    void streamsBehindTheLastOneOfAGoAwayAreAskedAgain() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        Upstream going = new Upstream(connection -> {
            begin(connection);
            if (connections.getAndIncrement() == 0) {
                for (int i = 0; i < 3; i++) {
                    request(connection);
                }
                connection.sendBytes(together(goAway(NO_LAST), goAway(1), answer(1)));
            } else {
                for (int i = 0; i < 2; i++) {
                    connection.sendBytes(answer(request(connection)));
                }
            }
            connection.readToEnd();
        });
        Vertx vertx = Vertx.vertx();
        try (ServedSidecar sidecar = before(going)) {
            List<Future<HttpClientResponse>> answers = posts(vertx, sidecar, 3);
            assertThat(await(Future.all(answers)).list())
                    .extracting(answer -> ((HttpClientResponse) answer).statusCode())
                    .containsOnly(200);
            assertThat(bodies).hasSize(5).containsOnly("body 0", "body 1", "body 2");
            assertThat(going.connections).hasValue(2);
        } finally {
            await(vertx.close());
            going.close();
        }
    }

    @Test
    void refusedPostIsAskedAgainOnAnotherConnection() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        Upstream refusing = new Upstream(connection -> {
            begin(connection);
            boolean first = connections.getAndIncrement() == 0;
            int stream = request(connection);
            connection.sendBytes(first ? refusal(stream) : answer(stream));
            connection.readToEnd();
        });
        try (ServedSidecar sidecar = before(refusing);
                RawClient client = post(sidecar, "body")) {
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
            assertThat(bodies).containsExactly("body", "body");
            assertThat(connections).hasValue(2);
        } finally {
            refusing.close();
        }
    }

    @Test
    void applicationThatRefusesEachStreamIsAskedTwice() throws Exception {
        Upstream refusing = new Upstream(connection -> {
            begin(connection);
            while (true) {
                connection.sendBytes(refusal(request(connection)));
            }
        });
        try (ServedSidecar sidecar = before(refusing);
                RawClient client = post(sidecar, "body")) {
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 502").contains("\"retryable\":true");
            assertThat(heads).hasValue(2);
            assertThat(refusing.connections).hasValue(2);
        } finally {
            refusing.close();
        }
    }

    @Test
    void bodyThatIsNotKeptIsNotSentAgain() throws Exception {
        Upstream refusing = new Upstream(connection -> {
            begin(connection);
            int stream = request(connection);
            connection.sendBytes(refusal(stream));
            connection.readToEnd();
        });
        try (ServedSidecar sidecar = before(refusing);
                RawClient client = post(sidecar, "b".repeat(MOST_KEPT + 1))) {
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 502").contains("\"retryable\":true");
            assertThat(heads).hasValue(1);
        } finally {
            refusing.close();
        }
    }

    /** An answer that has begun says that the request was processed. */
    @Test
    void refusalBehindAnAnswersHeadRepeatsNothing() throws Exception {
        Upstream confused = new Upstream(connection -> {
            begin(connection);
            int stream = head(connection);
            connection.sendBytes(together(answer(stream, Http2Frames.END_HEADERS, "10"), refusal(stream)));
            connection.readToEnd();
        });
        try (ServedSidecar sidecar = before(confused);
                RawClient client = sidecar.client()) {
            assertThat(client.get("/").readAnswer()).startsWith("HTTP/1.1 502").contains("\"retryable\":false");
            assertThat(heads).hasValue(1);
            assertThat(confused.connections).hasValue(1);
        } finally {
            confused.close();
        }
    }

    /** Neither one that goes as it comes, at once or gracefully, nor one that allows no streams is asked for ever. */
    @ParameterizedTest
    @EnumSource
    void applicationWhoseConnectionsTakeNothingIsAskedTwice(Manners manners) throws Exception {
        Upstream going = new Upstream(connection -> {
            connection.readTo("SM\r\n\r\n");
            connection.sendBytes(
                    switch (manners) {
                        case GOES -> together(settings(), goAway(0));
                        case GOES_GRACEFULLY -> together(settings(), goAway(NO_LAST), goAway(0));
                        case ALLOWS_NO_STREAMS -> settings(MAX_CONCURRENT_STREAMS, 0);
                    });
            connection.readToEnd();
        });
        try (ServedSidecar sidecar = before(going);
                RawClient client = post(sidecar, "body")) {
            assertThat(client.readAnswer()).startsWith("HTTP/1.1 502").contains("\"retryable\":true");
            assertThat(going.connections).hasValue(2);
        } finally {
            going.close();
        }
    }
}
