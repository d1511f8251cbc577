package dev.lastcall.management.telemetry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fate of traces whose collector refuses them, is not there, or says nothing. */
class CollectorTest {
    @ParameterizedTest
    @ValueSource(ints = {503, 429, 404, 500})
    void refusalIsNamedByItsStatus(int status) throws Exception {
        HttpServer server = answering(status);
        try {
            Collector collector =
                    sending("http://127.0.0.1:" + server.getAddress().getPort());
            assertThatThrownBy(collector::flush).hasMessageStartingWith(status + ", the collector");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tracesThatAreTakenAreFlushed() throws Exception {
        HttpServer server = answering(200);
        try {
            Collector collector =
                    sending("http://127.0.0.1:" + server.getAddress().getPort());
            assertThatCode(collector::flush).doesNotThrowAnyException();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void collectorThatIsNotThereIsAFailure() throws Exception {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        Collector collector = sending("http://127.0.0.1:" + port);
        assertThatThrownBy(collector::flush).hasMessageContaining("Connect");
    }

    @Test
    void silentCollectorIsAFailure() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Collector collector = sending("http://127.0.0.1:" + silent.getLocalPort());
            assertThatThrownBy(collector::flush).isInstanceOfAny(TimeoutException.class, IllegalStateException.class);
        }
    }

    private static HttpServer answering(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
        return server;
    }

    private static Collector sending(String address) {
        Destination destination = new Destination(
                URI.create(address + "/v1/traces"), Map.of(), "none", Destination.LIMIT, Optional.empty());
        Collector collector = new Collector(destination, Resource.getDefault(), Sampler.alwaysOn());
        collector.tracer().spanBuilder("drain").startSpan().end();
        return collector;
    }
}
