package dev.lastcall.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.Program;
import dev.lastcall.testing.ShortDrain;
import dev.lastcall.testing.TestCertificate;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates as files, by Quarkus' TLS registry, in both seats. */
class TlsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestCertificate first = TestCertificate.ofLocalhost();

    @TempDir
    Path files;

    private Map<String, String> withCertificate() throws Exception {
        first.writeTo(files);
        Map<String, String> settings = ShortDrain.of("grace-period", "60s");
        settings.put(
                "quarkus.tls.edge.key-store.pem.0.cert",
                files.resolve("tls.crt").toString());
        settings.put(
                "quarkus.tls.edge.key-store.pem.0.key", files.resolve("tls.key").toString());
        settings.put("quarkus.tls.edge.reload-period", "1s");
        return settings;
    }

    /** A second certificate in the same key store, for the clients that name its host (RFC 6066, 3). */
    private TestCertificate withAnotherName(Map<String, String> settings) throws Exception {
        TestCertificate named = TestCertificate.of("b.example");
        Path directory = Files.createDirectory(files.resolve("named"));
        named.writeTo(directory);
        String pem = "quarkus.tls.edge.key-store.pem.1.";
        settings.put(pem + "cert", directory.resolve("tls.crt").toString());
        settings.put(pem + "key", directory.resolve("tls.key").toString());
        settings.put("quarkus.tls.edge.key-store.sni", "true");
        return named;
    }

    /** The certificate for who names this host. */
    private static Certificate shown(Pod pod, String host) throws Exception {
        SSLContext anything = SSLContext.getInstance("TLS");
        anything.init(null, new TrustManager[] {new Anybody()}, null);
        try (SSLSocket socket = (SSLSocket) anything.getSocketFactory().createSocket("localhost", pod.httpPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    /** It is looked at by whoever asks. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static HttpClient client(TestCertificate trusted) {
        return HttpClient.newBuilder().sslContext(trusted.context()).build();
    }

    private static HttpRequest.Builder to(Pod pod, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + pod.httpPort() + path));
    }

    @Test
    void sidecarShowsARenewedCertificateAndLosesNobody() throws Exception {
        Map<String, String> settings = withCertificate();
        try (Program app = Program.start("dev.lastcall.proxy.ProxiedApp", "0")) {
            String upstream = "http://127.0.0.1:" + app.await("app listens on (\\d+)");
            settings.put("lastcall.proxy.upstream", upstream);
            settings.put("lastcall.proxy.listen", "127.0.0.1:0");
            settings.put("lastcall.proxy.tls", "edge");
            TestCertificate named = withAnotherName(settings);
            try (Pod pod = Pod.start(settings)) {
                assertThat(shown(pod, "b.example")).isEqualTo(named.certificate());
                assertThat(shown(pod, "unknown.example")).isEqualTo(first.certificate());
                HttpClient before = client(first);
                CompletableFuture<HttpResponse<String>> held =
                        before.sendAsync(to(pod, "/held").build(), BodyHandlers.ofString());
                Operator operator = new Operator(pod);
                operator.awaitInFlight(1);
                TestCertificate second = TestCertificate.ofLocalhost();
                second.writeTo(files);
                HttpRequest run = to(pod, "/agent/run").build();
                await().atMost(LIMIT)
                        .ignoreException(javax.net.ssl.SSLHandshakeException.class)
                        .untilAsserted(() -> {
                            HttpResponse<String> answer = client(second).send(run, BodyHandlers.ofString());
                            assertThat(answer.statusCode()).isEqualTo(200);
                            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                        });
                assertThat(shown(pod, "b.example")).isEqualTo(named.certificate());
                assertThat(shown(pod, "unknown.example")).isEqualTo(second.certificate());
                pod.signal("TERM");
                pod.awaitLine("drain state=draining", LIMIT);
                HttpRequest release = HttpRequest.newBuilder(URI.create(upstream + "/release"))
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(release, BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);
                assertThat(held.get(60, TimeUnit.SECONDS).body()).isEqualTo("{\"tokens\":2}");
                assertThat(pod.exitCode(LIMIT)).isZero();
                assertThat(operator.report().get("cut").asInt()).isZero();
            }
        }
    }

    @Test
    void unknownNameFailsTheStartWithItsKey() {
        Map<String, String> settings = Map.of(
                "lastcall.proxy.upstream", "http://127.0.0.1:1",
                "lastcall.proxy.listen", "127.0.0.1:0",
                "lastcall.proxy.tls", "edge");
        try (Pod pod = Pod.launch(settings)) {
            assertThat(pod.exitCode(LIMIT)).isOne();
            assertThat(pod.lines())
                    .anyMatch(line -> line.startsWith("lastcall.proxy.tls: edge (expected: the name of a TLS"));
        }
    }

    @Test
    void serviceAnswersARunThroughSigterm() throws Exception {
        Map<String, String> settings = withCertificate();
        settings.put("quarkus.http.tls-configuration-name", "edge");
        settings.put("quarkus.http.insecure-requests", "disabled");
        settings.put("quarkus.http.ssl-port", "0");
        try (Pod pod = Pod.start(settings)) {
            HttpRequest run = to(pod, "/agent/run")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"input\":\"count to 40\"}"))
                    .build();
            CompletableFuture<HttpResponse<String>> answer = client(first).sendAsync(run, BodyHandlers.ofString());
            Operator operator = new Operator(pod);
            operator.awaitInFlight(1);
            pod.signal("TERM");
            assertThat(answer.get(60, TimeUnit.SECONDS).body()).contains("40");
            assertThat(answer.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(pod.exitCode(LIMIT)).isZero();
        }
    }
}
