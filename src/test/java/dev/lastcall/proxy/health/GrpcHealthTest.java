package dev.lastcall.proxy.health;

import static dev.lastcall.testing.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.proxy.health.ApplicationHealth.Health;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcHealthTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private static Buffer bytes(String hex) {
        return Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void requestNamesTheService() {
        assertThat(GrpcHealth.request("")).isEqualTo(bytes("00 00000000"));
        assertThat(GrpcHealth.request("a.B")).isEqualTo(bytes("00 00000005 0a 03 612e42"));
        Buffer longer = GrpcHealth.request("x".repeat(300));
        assertThat(longer.slice(0, 8)).isEqualTo(bytes("00 0000012f 0a ac02"));
    }

    /** A field that is not known, of each wire type, is skipped. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00 00000002 0801",
                "00 00000004 08020801",
                "00 00000006 1a0261620801",
                "00 00000004 10050801",
                "00 0000000b 19000000000000000008 01",
                "00 00000007 1d000000000801"
            })
    void servingIsRead(String hex) {
        assertThat(GrpcHealth.isServing(bytes(hex))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "00 00000000",
                "00 00000002 0800",
                "00 00000002 0802",
                "00 00000002 0803",
                "00 00000003 0801",
                "01 00000002 0801",
                "00 ffffffff 0801",
                "00 00000003 0801 08",
                "00 00000004 0801 1aff",
                "00 0000000c 0801 1affffffffffffffffff 7f",
                "00 00000003 0801 1b",
                "00 0000000d 0801 08 8080808080808080808080"
            })
    void everythingElseIsNot(String hex) {
        assertThat(GrpcHealth.isServing(bytes(hex))).isFalse();
    }

    private int serve(java.util.function.Consumer<HttpServerRequest> answer) {
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(answer::accept).listen(0, "127.0.0.1"));
        return server.actualPort();
    }

    private Health ask(int port, String service) {
        return ask(port, UpstreamProtocol.AUTO, new HealthQuestion(null, service));
    }

    private Health ask(int port, UpstreamProtocol protocol, HealthQuestion question) {
        HostPort application = new HostPort("localhost", port);
        ApplicationProbe probe = new ApplicationProbe(vertx, application, protocol, ProxyTls.NONE, question);
        return await(new ApplicationHealth(vertx, List.of(), probe).check());
    }

    private static void answer(HttpServerRequest asked, String message, String status) {
        HttpServerResponse response = asked.response().putHeader("content-type", "application/grpc");
        response.putTrailer("grpc-status", status).end(bytes(message));
    }

    @ParameterizedTest
    @CsvSource({
        "00 00000002 0801, 0, UP",
        "00 00000002 0802, 0, ILL",
        "00 00000002 0801, 13, ILL",
        "00, 0, ILL",
    })
    void applicationSaysHowItIs(String message, String status, Health found) {
        assertThat(ask(serve(asked -> answer(asked, message, status)), "")).isEqualTo(found);
    }

    @Test
    void serviceIsAskedForByItsName() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        int port = serve(asked -> asked.body().onSuccess(body -> {
            seen.complete(asked.method() + " " + asked.version() + " " + asked.path() + " " + asked.getHeader("te")
                    + " " + HexFormat.of().formatHex(body.getBytes()));
            answer(asked, "00 00000002 0801", "0");
        }));
        assertThat(ask(port, "a.B")).isEqualTo(Health.UP);
        assertThat(seen.get()).isEqualTo("POST HTTP_2 /grpc.health.v1.Health/Check trailers 00000000050a03612e42");
    }

    /** An application that speaks HTTP/2 alone has no ear for HTTP/1.1, and the other way round. */
    @Test
    void pathIsAskedForByTheProtocolOfTheApplication() {
        HealthQuestion question = new HealthQuestion("/well?deep", null);
        int both = serve(asked -> {
            boolean well = asked.version() == HttpVersion.HTTP_2 && asked.uri().equals("/well?deep");
            asked.response().setStatusCode(well ? 204 : 503).end();
        });
        HttpServerOptions old = new HttpServerOptions().setHttp2ClearTextEnabled(false);
        int http1 = await(vertx.createHttpServer(old)
                        .requestHandler(asked -> asked.response().end())
                        .listen(0, "127.0.0.1"))
                .actualPort();
        assertThat(ask(both, UpstreamProtocol.HTTP2, question)).isEqualTo(Health.UP);
        assertThat(ask(both, UpstreamProtocol.HTTP2, new HealthQuestion("/ill", null)))
                .isEqualTo(Health.ILL);
        assertThat(ask(both, UpstreamProtocol.AUTO, question)).isEqualTo(Health.ILL);
        assertThat(ask(http1, UpstreamProtocol.HTTP2, question)).isEqualTo(Health.ILL);
        assertThat(ask(http1, UpstreamProtocol.AUTO, question)).isEqualTo(Health.UP);
    }

    @Test
    void serverWithoutTheProtocolOrWithoutAWordIsIllAndNobodyIsRefused() throws Exception {
        int without = serve(asked -> asked.response()
                .putHeader("content-type", "application/grpc")
                .putHeader("grpc-status", "12")
                .end());
        assertThat(ask(without, "")).isEqualTo(Health.ILL);
        assertThat(ask(serve(asked -> {}), "")).isEqualTo(Health.ILL);
        int closed;
        try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
            closed = free.getLocalPort();
        }
        assertThat(ask(closed, "")).isEqualTo(Health.REFUSED);
    }
}
