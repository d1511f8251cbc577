package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.Totals;
import dev.lastcall.http.Http2Frames;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** gRPC by HTTP/2 to an application that speaks it, and HTTP/1.1 to the same one. */
class GrpcTest {
    private static final int LARGE = 3 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
    private final int upstream = await(
                    vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
            .actualPort();
    private final ServedSidecar sidecar = new ServedSidecar(settings(upstream));
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false),
            new PoolOptions().setHttp2MaxSize(1));

    private static ProxySettings settings(int upstream) {
        ProxySettings any = ServedSidecar.settings(upstream, java.time.Duration.ofMinutes(1), null, 100 << 20);
        return new ProxySettings(
                any.listen(),
                any.upstream(),
                UpstreamProtocol.AUTO,
                ProxyTls.NONE,
                any.connectTimeout(),
                any.idleTimeout(),
                null,
                any.sendTimeout(),
                any.keepAlive(),
                any.maxBody(),
                any.maxStreams());
    }

    private static Buffer message(int length) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(length).appendBytes(new byte[length]);
    }

    private void answer(HttpServerRequest request) {
        var response = request.response().putHeader("content-type", "application/grpc");
        response.exceptionHandler(gone -> {});
        switch (request.path()) {
            case "/echo" -> {
                response.putHeader(
                        "x-seen", request.version() + " " + request.getHeader("te") + " " + request.authority());
                response.setChunked(true).putTrailer("grpc-status", "0");
                request.pipeTo(response);
            }
            case "/fails" -> response.putHeader("grpc-status", "5").end();
            case "/resets" -> response.reset(11);
            case "/plain" ->
                response.putHeader("content-type", "text/plain")
                        .end(request.version().toString());
            default -> held.add(request);
        }
    }

    @AfterEach
    void close() {
        sidecar.close();
        await(vertx.close());
    }

    private HttpClientRequest call(String path) {
        HttpClientRequest request = await(client.request(HttpMethod.POST, sidecar.port(), "localhost", path));
        request.exceptionHandler(gone -> {});
        return request.putHeader("content-type", "application/grpc+proto")
                .putHeader("te", "trailers")
                .setChunked(true);
    }

    /** Its body is kept. */
    private static Future<HttpClientResponse> whole(HttpClientResponse answer) {
        return answer.body().map(answer);
    }

    private HttpServerRequest asked() throws InterruptedException {
        HttpServerRequest request = held.poll(20, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    private static void awaitEnd(ServedSidecar sidecar, Totals totals) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(sidecar.inFlight.totals()).isEqualTo(totals));
    }

    @Test
    void unaryCallGoesByHttp2WithItsTrailers() {
        HttpClientResponse answer = await(call("/echo").send(message(LARGE)).compose(GrpcTest::whole));
        assertThat(await(answer.body()).length()).isEqualTo(5 + LARGE);
        assertThat(answer.getHeader("x-seen")).isEqualTo("HTTP_2 trailers localhost:" + sidecar.port());
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
        awaitEnd(sidecar, new Totals(1, 0, 0, 0, 0, 0));
    }

    @Test
    void bothSidesMayStream() {
        HttpClientRequest request = call("/echo");
        Future<HttpClientResponse> begun = request.response().onSuccess(HttpClientResponse::pause);
        request.write(message(1));
        HttpClientResponse answer = await(begun);
        Promise<Buffer> first = Promise.promise();
        answer.handler(first::tryComplete).resume();
        assertThat(await(first.future()).length()).isEqualTo(6);
        for (int i = 0; i < 10; i++) {
            Promise<Buffer> echo = Promise.promise();
            answer.handler(echo::tryComplete);
            request.write(message(10 + i));
            assertThat(await(echo.future()).length()).isEqualTo(15 + i);
        }
        Future<Void> end = answer.end();
        request.end();
        await(end);
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
    }

    /** Its client may wait for the metadata before it says more. */
    @Test
    void headOfAnAnswerDoesNotWaitForItsFirstMessage() throws Exception {
        HttpClientRequest request = call("/held");
        request.write(message(1));
        HttpServerRequest seen = asked();
        vertx.runOnContext(now -> seen.response().setChunked(true).writeHead());
        HttpClientResponse answer = await(request.response());
        assertThat(answer.statusCode()).isEqualTo(200);
        vertx.runOnContext(now -> seen.response().putTrailer("grpc-status", "0").end(message(2)));
        await(answer.end());
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
    }

    @Test
    void errorByTrailersAlonePasses() {
        HttpClientResponse answer = await(call("/fails").send(message(1)).compose(GrpcTest::whole));
        assertThat(answer.getHeader("grpc-status")).isEqualTo("5");
        assertThat(await(answer.body()).length()).isZero();
    }

    /** grpc-js and grpc-java take a status in a head that is not the end of its stream for no status at all. */
    @Test
    void statusAloneIsTheEndOfItsStream() throws Exception {
        try (RawClient raw = sidecar.client()) {
            Http2Frames.begin(raw);
            raw.sendBytes(Http2Frames.headers(
                    1,
                    Http2Frames.END_HEADERS | Http2Frames.END_STREAM,
                    new DefaultHttp2Headers()
                            .method("POST")
                            .path("/fails")
                            .scheme("http")
                            .authority("a")
                            .add("content-type", "application/grpc")));

            assertThat(Http2Frames.awaitFlags(raw, Http2Frames.HEADERS) & Http2Frames.END_STREAM)
                    .isEqualTo(Http2Frames.END_STREAM);
        }
    }

    /** An application that ends its connections by age tells in its last GOAWAY what it has not looked at. */
    @Test
    void callThatCrossesTheApplicationsGoAwayMayBeSentAgain() throws Exception {
        Upstream going = new Upstream(application -> {
            application.readTo("SM\r\n\r\n");
            application.sendBytes(Http2Frames.frame(Http2Frames.SETTINGS, 0, 0, new byte[0]));
            Http2Frames.await(application, Http2Frames.HEADERS);
            // A graceful one first, as grpc-java's and grpc-js's: it names no last stream.
            byte[] none = {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0};
            application.sendBytes(Http2Frames.frame(Http2Frames.GOAWAY, 0, 0, none));
            application.sendBytes(Http2Frames.frame(Http2Frames.GOAWAY, 0, 0, new byte[8]));
            application.readToEnd();
        });
        try (ServedSidecar before = new ServedSidecar(settings(going.port()))) {
            HttpClientRequest call = await(client.request(HttpMethod.POST, before.port(), "localhost", "/echo"));
            Promise<Throwable> refused = Promise.promise();
            call.response().onFailure(refused::tryComplete);
            call.putHeader("content-type", "application/grpc").end(message(1));

            assertThat(await(refused.future()))
                    .isInstanceOfSatisfying(StreamResetException.class, cause -> assertThat(cause.getCode())
                            .isEqualTo(Http2Error.REFUSED_STREAM.code()));
        } finally {
            going.close();
        }
    }

    @Test
    void codesOfResetsPassBothWays() throws Exception {
        Promise<Throwable> reset = Promise.promise();
        HttpClientRequest request = call("/resets");
        request.response().onFailure(reset::tryComplete);
        request.end(message(1));
        assertThat(await(reset.future()))
                .isInstanceOfSatisfying(StreamResetException.class, cause -> assertThat(cause.getCode())
                        .isEqualTo(11));
        HttpClientRequest cancelled = call("/held");
        cancelled.write(message(1));
        HttpServerRequest seen = asked();
        Promise<Throwable> gone = Promise.promise();
        seen.exceptionHandler(gone::tryComplete);
        cancelled.reset(8);
        assertThat(await(gone.future()))
                .isInstanceOfSatisfying(StreamResetException.class, cause -> assertThat(cause.getCode())
                        .isEqualTo(8));
        awaitEnd(sidecar, new Totals(1, 0, 0, 1, 0, 0));
    }

    @Test
    void everythingElseGoesByHttp1() {
        HttpClientResponse answer = await(client.request(HttpMethod.GET, sidecar.port(), "localhost", "/plain")
                .compose(HttpClientRequest::send)
                .compose(GrpcTest::whole));
        assertThat(await(answer.body())).hasToString("HTTP_1_1");
    }

    @Test
    void refusalIsAStatusByTrailersAlone() throws Exception {
        HttpClientRequest open = call("/held");
        open.write(message(1));
        HttpServerRequest seen = asked();
        sidecar.enterDraining();
        try (var raw = sidecar.client()) {
            assertThat(raw.get("/plain").readAnswer()).startsWith("HTTP/1.1 503");
        }
        HttpClient late = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientResponse refused = await(late.request(HttpMethod.POST, sidecar.port(), "localhost", "/echo")
                .compose(request ->
                        request.putHeader("content-type", "application/grpc").send(message(1))));
        assertThat(refused.statusCode()).isEqualTo(200);
        assertThat(refused.getHeader("grpc-status")).isEqualTo("14");
        assertThat(Integer.parseInt(refused.getHeader("grpc-retry-pushback-ms")))
                .isBetween(200, 500);
        vertx.runOnContext(now -> seen.response().putTrailer("grpc-status", "0").end(message(2)));
        HttpClientResponse answer = await(open.response().compose(GrpcTest::whole));
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("0");
    }

    @Test
    void openStreamEndsAsUnavailableBetweenTwoMessages() throws Exception {
        HttpClientRequest request = call("/held");
        Buffer all = Buffer.buffer();
        Promise<Void> end = Promise.promise();
        Future<HttpClientResponse> begun = request.response()
                .onSuccess(head -> head.handler(all::appendBuffer).endHandler(end::complete));
        request.write(message(1));
        HttpServerRequest seen = asked();
        vertx.runOnContext(
                now -> seen.response().setChunked(true).write(message(7).getBuffer(0, 8)));
        HttpClientResponse answer = await(begun);
        HttpClientRequest silent = call("/held");
        silent.write(message(1));
        asked();
        sidecar.enterDraining();
        sidecar.enterCancelling();
        HttpClientResponse unavailable = await(silent.response());
        assertThat(unavailable.getHeader("grpc-status")).isEqualTo("14");
        vertx.runOnContext(now -> {
            seen.response().write(message(7).getBuffer(8, 12));
            seen.response().write(message(3));
        });
        await(end.future());
        assertThat(all.length()).isEqualTo(12);
        assertThat(answer.getTrailer("grpc-status")).isEqualTo("14");
    }
}
