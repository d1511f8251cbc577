package dev.lastcall.proxy;

import static dev.lastcall.testing.Answers.text;
import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.Totals;
import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 without TLS before an application that speaks HTTP/1.1. */
class Http2Test {
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
    private final List<GoAway> goAways = new CopyOnWriteArrayList<>();
    private final Upstreams upstream = new Upstreams();
    private final ServedSidecar sidecar = new ServedSidecar(upstream.port);
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));

    private final class Upstreams {
        final int port = await(vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(200_000))
                        .requestHandler(this::answer)
                        .listen(0, "127.0.0.1"))
                .actualPort();

        private void answer(HttpServerRequest request) {
            switch (request.path()) {
                case "/head" -> request.response().end(request.method() + " " + request.headers());
                case "/echo" -> {
                    request.response().setChunked(true).putTrailer("x-sum", "1");
                    request.pipeTo(request.response());
                }
                case "/held" -> held.add(request);
                case "/hints" ->
                    request.response()
                            .writeEarlyHints(MultiMap.caseInsensitiveMultiMap().add("Link", "</a.css>"))
                            .onSuccess(hinted -> request.response().end("hinted"));
                default -> request.response().setStatusCode(404).end();
            }
        }
    }

    @AfterEach
    void close() {
        sidecar.close();
        await(vertx.close());
    }

    private HttpClientRequest request(HttpMethod method, String path) {
        HttpClientRequest request = await(client.request(method, sidecar.port(), "localhost", path));
        request.exceptionHandler(gone -> {});
        request.connection().goAwayHandler(goAways::add);
        return request;
    }

    private static String send(HttpClientRequest request) {
        Future<String> answer = text(request);
        request.end();
        return await(answer);
    }

    @Test
    void requestWithoutABodyIsOneWithoutABodyToTheApplication() {
        HttpClientRequest request = request(HttpMethod.GET, "/head");
        request.headers().add("cookie", "a=1").add("cookie", "b=2");
        String seen = send(request).toLowerCase(java.util.Locale.ROOT);
        assertThat(seen)
                .startsWith("200 get ")
                .contains("host=localhost:" + sidecar.port(), "cookie=a=1; b=2", "x-forwarded-for=127.0.0.1")
                .doesNotContain("transfer-encoding")
                .doesNotContain("content-length");
    }

    @Test
    void bodiesAndTrailersPass() {
        HttpClientRequest request = request(HttpMethod.POST, "/echo");
        request.setChunked(true);
        Future<String> answer = text(request);
        request.write("one ");
        vertx.setTimer(100, later -> request.end("two"));
        assertThat(await(answer)).startsWith("200 one two").contains("x-sum");
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
    }

    @Test
    void headThatCannotBeHttp1IsRefused() {
        HttpClientRequest request = request(HttpMethod.GET, "/a b");
        assertThat(send(request)).startsWith("400 ");
    }

    @Test
    void interimAnswersPassInLowerCase() {
        BlockingQueue<String> hints = new LinkedBlockingQueue<>();
        HttpClientRequest request = request(HttpMethod.GET, "/hints");
        request.earlyHintsHandler(hint -> hints.add(hint.toString()));
        assertThat(send(request)).startsWith("200 hinted");
        assertThat(hints.poll()).contains("link=</a.css>");
    }

    @Test
    void headIsAsLongAsInHttp1AndOneThatIsTooLongFailsAlone() throws Exception {
        HttpClientRequest other = request(HttpMethod.GET, "/held");
        Future<String> answer = text(other);
        other.end();
        HttpServerRequest asked = held.poll(10, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        for (int size : new int[] {10_000, 15_000, 60_000}) {
            assertThat(send(request(HttpMethod.GET, "/head").putHeader("x-long", "x".repeat(size))))
                    .startsWith("200 ");
        }
        for (int size : new int[] {100_000, 140_000, 250_000, 900_000}) {
            assertThat(send(request(HttpMethod.GET, "/head").putHeader("x-long", "\u00e9".repeat(size))))
                    .startsWith("431 ");
        }
        vertx.runOnContext(now -> asked.response().end("late"));
        assertThat(await(answer)).startsWith("200 late");
    }

    @Test
    void pathIsAPath() {
        assertThat(send(request(HttpMethod.GET, "http://evil/x"))).startsWith("400 ");
    }

    @Test
    void resetOfOneStreamEndsTheApplicationsRequestAlone() throws Exception {
        HttpClientRequest request = request(HttpMethod.GET, "/held");
        request.end();
        HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        request.reset(8);
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
        Awaitility.await()
                .untilAsserted(() -> assertThat(asked.response().closed()).isTrue());
        assertThat(send(request(HttpMethod.GET, "/head"))).startsWith("200 ");
    }

    @Test
    void drainSaysGoAwayAndStreamsUnderWayEnd() throws Exception {
        HttpClientRequest request = request(HttpMethod.GET, "/held");
        Future<String> answer = text(request);
        request.end();
        HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
        assertThat(asked).isNotNull();
        assertThat(sidecar.inFlight.countByClass()).containsEntry(EntryClass.UNARY, 1L);
        sidecar.enterLameDuck();
        Awaitility.await().untilAsserted(() -> assertThat(goAways).hasSize(1));
        sidecar.time.advance(java.time.Duration.ofSeconds(10));
        vertx.runOnContext(now -> asked.response().end("late"));
        assertThat(await(answer)).startsWith("200 late");
    }

    /** A request that a client has sent before it reads the last GOAWAY is refused alone: the streams under way end whole. */
    @Test
    void requestThatCrossesTheLastGoAwayEndsNoOtherStream() throws Exception {
        try (RawClient raw = sidecar.client()) {
            Http2Frames.begin(raw);
            raw.sendBytes(head(1, Http2Frames.END_HEADERS | Http2Frames.END_STREAM));
            HttpServerRequest asked = held.poll(60, TimeUnit.SECONDS);
            assertThat(asked).isNotNull();
            sidecar.enterDraining();
            int last;
            do {
                last = Http2Frames.await(raw, Http2Frames.GOAWAY).payload().getInt();
            } while (last == Integer.MAX_VALUE);
            assertThat(last).isOne();

            raw.sendBytes(head(3, Http2Frames.END_HEADERS));
            raw.sendBytes(Http2Frames.frame(Http2Frames.DATA, Http2Frames.END_STREAM, 3, new byte[10]));

            Http2Frames.Frame reset = Http2Frames.await(raw, Http2Frames.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(3);
            assertThat(reset.payload().getInt()).isEqualTo((int) Http2Error.REFUSED_STREAM.code());
            vertx.runOnContext(now -> asked.response().end("late"));
            assertThat(Http2Frames.await(raw, Http2Frames.HEADERS).stream()).isOne();
            assertThat(Http2Frames.await(raw, Http2Frames.DATA).payload().remaining())
                    .isEqualTo("late".length());
            assertThat(held).isEmpty();
        }
    }

    private static byte[] head(int stream, int flags) throws Exception {
        return Http2Frames.headers(
                stream,
                flags,
                new DefaultHttp2Headers()
                        .method("POST")
                        .path("/held")
                        .scheme("http")
                        .authority("a"));
    }
}
