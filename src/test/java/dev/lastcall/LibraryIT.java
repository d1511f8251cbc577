package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.lastcall.drain.Internal;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The library in an application that is not ours: {@code src/examples/quarkus-app}, as {@code src/test/library.sh} builds it. */
class LibraryIT {
    private static final Path APPS = Path.of(System.getProperty("lastcall.library", "target/library"));
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String SLOW = "/orders?ms=60000";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static Pod start(String app, Map<String, String> settings) {
        return Pod.start(APPS.resolve(app + "/target/quarkus-app/quarkus-run.jar"), settings);
    }

    @Test
    void rolloutLosesNothingWithTheLibraryAndRequestsWithoutIt() throws Exception {
        Map<String, String> drain = Map.of(
                "lastcall.drain.lame-duck.min", "1500ms",
                "lastcall.drain.lame-duck.quiet-period", "500ms",
                "lastcall.drain.lame-duck.max", "5s");
        RolloutLoad drained = RolloutLoad.during(() -> start("shop", drain));
        assertThat(drained.lost()).as("lost with the library").isZero();
        assertThat(drained.exitCode()).isZero();
        RolloutLoad plain = RolloutLoad.during(() -> start("plain", Map.of()));
        assertThat(plain.lost()).as("lost without the library").isPositive();
    }

    @Test
    void drainEndsStreamsWebSocketsAndScheduledWorkWhole() throws Exception {
        Map<String, String> settings = ShortDrain.of("grace-period", "6s", "stream-patience", "0s");
        settings.put("mail.every", "1s");
        settings.put("mail.ms", "1500");
        try (Pod shop = start("shop", settings)) {
            assertThat(get(shop.management("/q/health/ready")).body()).contains("lastcall-drain");
            leaveBehind(shop, "/report?chapters=500");
            assertThat(get(shop.http("/report?chapters=2")).body()).isEqualTo("chapters=2 cancelled=false gone=false");

            CompletableFuture<String> report = body(shop.http("/report?chapters=100000"));
            CompletableFuture<String> feed = body(shop.http("/orders/feed?ms=20"));
            CompletableFuture<String> http2Feed = overHttp2(shop, "/orders/feed?ms=10");
            CompletableFuture<String> lines = body(shop.http("/orders/lines"));
            CloseOf chat = new CloseOf();
            WebSocket talking = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + shop.httpPort() + "/chat"), chat)
                    .get(60, TimeUnit.SECONDS);
            assertThat(talking.sendText("hello", true)).succeedsWithin(LIMIT);
            assertThat(chat.answer.get(60, TimeUnit.SECONDS)).isEqualTo("you said hello");
            shop.awaitLine("mail begun", LIMIT);
            await().atMost(LIMIT)
                    .until(() -> get(shop.management("/drain/in-flight")).body(), LibraryIT::hasAll);
            CompletableFuture<HttpResponse<String>> preStop = client.sendAsync(
                    HttpRequest.newBuilder(shop.management("/drain/pre-stop"))
                            .header("X-Lastcall-Pre-Stop", "1")
                            .build(),
                    BodyHandlers.ofString());

            assertThat(feed.get(60, TimeUnit.SECONDS))
                    .startsWith("data:order 0\n\n")
                    .endsWith("\n\n");
            assertThat(http2Feed.get(60, TimeUnit.SECONDS))
                    .startsWith("data:order 0\n\n")
                    .endsWith("\n\n");
            assertThat(lines.get(60, TimeUnit.SECONDS))
                    .startsWith("{\"order\":0}\n")
                    .endsWith("}\n");
            assertThat(chat.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1012);
            assertThat(report.get(60, TimeUnit.SECONDS)).contains("cancelled=true gone=false");
            assertThat(preStop.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            shop.signal("TERM");
            assertThat(shop.exitCode(LIMIT)).isZero();
            assertThat(String.join("\n", shop.lines()))
                    .contains("mail sent cancelled=false", "mail released", "\"exit-code\":0", "\"cut\":0")
                    .contains("shop sees DRAINED on lastcall-drain-events")
                    .doesNotContain("ERROR");
        }
    }

    /** Everything in this application is set as it should not be, and its own exit handler says that all is well. */
    @Test
    void cutMakesTheExitCodeWhateverTheApplicationsExitHandlerSays() throws Exception {
        try (Pod odd = start("odd", ShortDrain.of("grace-period", "5s"))) {
            var unused = body(odd.http("/api" + SLOW), "POST");
            odd.awaitLine("own filter: /api/orders", LIMIT);
            odd.signal("HUP");
            odd.awaitLine("drain state=draining", LIMIT);
            HttpResponse<String> refused = get(odd.http("/api/refused"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("\"retryable\":true");
            assertThat(odd.exitCode(LIMIT)).isEqualTo(1);
            assertThat(String.join("\n", odd.lines()))
                    .contains("drain triggered trigger=sighup", "\"exit-code\":1", "\"cut\":1")
                    .contains("quarkus.management.enabled=false")
                    .contains("quarkus.shutdown.timeout=25s would wait behind the drain and is ignored")
                    .doesNotContain("own filter: /api/refused");
        }
    }

    @Test
    void exitByTheApplicationDrainsAndKeepsItsCode() throws Exception {
        try (Pod odd = start("odd", ShortDrain.of("grace-period", "30s"))) {
            CompletableFuture<String> slow = body(odd.http("/api/orders?ms=1500"), "POST");
            odd.awaitLine("own filter: /api/orders", LIMIT);
            var unused = body(odd.http("/api/end/async"), "POST");
            assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo("ordered 3");
            assertThat(odd.exitCode(LIMIT)).isZero();
            assertThat(odd.lines()).anyMatch(line -> line.contains("own exit handler: code=7"));
        }
    }

    @Test
    void cutMakesTheExitCodeOfASystemExitToo() throws Exception {
        try (Pod odd = start("odd", ShortDrain.of("grace-period", "5s"))) {
            var unused = body(odd.http("/api" + SLOW), "POST");
            odd.awaitLine("own filter: /api/orders", LIMIT);
            assertThat(body(odd.http("/api/end/exit"), "POST")).isNotCompletedExceptionally();
            assertThat(odd.exitCode(LIMIT)).isEqualTo(1);
            assertThat(String.join("\n", odd.lines())).contains("drain triggered", "\"cut\":1");
        }
    }

    @Test
    void applicationGetsOneMoreJar() throws IOException {
        Set<String> more = jars("shop");
        more.removeAll(jars("plain"));
        assertThat(more).containsExactly("dev.lastcall.lastcall-drain-0.1.0-SNAPSHOT.jar");
    }

    private static Set<String> jars(String app) throws IOException {
        try (Stream<Path> jars = Files.walk(APPS.resolve(app + "/target/quarkus-app/lib"))) {
            return jars.filter(Files::isRegularFile)
                    .map(jar -> jar.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The includes of its POM are what it needs: no class is missing, and none knows more than Quarkus' HTTP. */
    @Test
    void jarIsClosed() throws IOException {
        Path jar = APPS.resolve("library/runtime/target/lastcall-drain-0.1.0-SNAPSHOT.jar");
        try (JarFile file = new JarFile(jar.toFile())) {
            var classes = new ClassFileImporter().importJar(file);
            Set<String> known = classes.stream().map(JavaClass::getName).collect(Collectors.toSet());
            Set<String> named = classes.stream()
                    .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                    .map(dependency ->
                            dependency.getTargetClass().getBaseComponentType().getName())
                    .collect(Collectors.toSet());
            assertThat(named)
                    .filteredOn(name -> name.startsWith("dev.lastcall."))
                    .isNotEmpty()
                    .allMatch(known::contains);
            assertThat(named)
                    .noneMatch(
                            name -> name.matches(
                                    "(com\\.fasterxml|io\\.agroal|io\\.opentelemetry|org\\.yaml|io\\.quarkus\\.(redis|websockets)).*"));
        }
    }

    @Test
    void applicationMayLeanOnEightTypes() throws IOException {
        try (JarFile file = new JarFile(APPS.resolve("library/runtime/target/lastcall-drain-0.1.0-SNAPSHOT.jar")
                .toFile())) {
            assertThat(new ClassFileImporter()
                            .importJar(file).stream()
                                    .filter(type -> type.isTopLevelClass()
                                            && type.getModifiers().contains(JavaModifier.PUBLIC))
                                    .filter(type -> !type.isAnnotatedWith(Internal.class)
                                            && !type.getPackage().isAnnotatedWith(Internal.class))
                                    .map(JavaClass::getSimpleName))
                    .containsExactlyInAnyOrder(
                            "DrainSignal",
                            "DrainControl",
                            "CountedWork",
                            "DrainState",
                            "DrainStateChanged",
                            "ReleaseStep",
                            "ReleaseStage",
                            "ReleaseSteps");
        }
    }

    /** Both feeds too, which have one path. */
    private static boolean hasAll(String inFlight) {
        return Stream.of("/report", "/orders/lines", "/chat", "mail").allMatch(inFlight::contains)
                && inFlight.split("/orders/feed", -1).length == 3;
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<String> overHttp2(Pod pod, String path) {
        return vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false))
                .request(HttpMethod.GET, pod.httpPort(), "localhost", path)
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private CompletableFuture<String> body(URI uri) {
        return body(uri, "GET");
    }

    private CompletableFuture<String> body(URI uri, String method) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    /** A client that asks and leaves. */
    private static void leaveBehind(Pod pod, String path) throws IOException {
        try (Socket socket = new Socket("localhost", pod.httpPort())) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class CloseOf implements WebSocket.Listener {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence text, boolean last) {
            answer.complete(text.toString());
            return WebSocket.Listener.super.onText(webSocket, text, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
            closed.complete(status);
            return WebSocket.Listener.super.onClose(webSocket, status, reason);
        }
    }

    @Test
    void versionsAreTheServices() throws IOException {
        String service = version(Path.of("pom.xml"));
        assertThat(List.of(Path.of("src/library/pom.xml"), Path.of("src/examples/quarkus-app/pom.xml")))
                .allSatisfy(pom -> assertThat(version(pom)).isEqualTo(service));
    }

    /** The dependency of the documents is the one that the example has, in the version that is built here. */
    @Test
    void documentsNameTheDependencyOfTheExample() throws IOException {
        String example = Files.readString(Path.of("src/examples/quarkus-app/pom.xml"));
        String dependency = example.replaceFirst("(?s).*<!-- The drain. -->\\s*(<dependency>.*?</dependency>).*", "$1");
        String flat = dependency.replaceAll("\\s+", "");
        assertThat(flat).contains("<artifactId>lastcall-drain</artifactId>");
        assertThat(List.of(Path.of("README.md"), Path.of("src/docs/library.md")))
                .allSatisfy(document -> assertThat(Files.readString(document).replaceAll("\\s+", ""))
                        .contains(flat));
        assertThat(Files.readString(Path.of("pom.xml"))).contains("<version>0.1.0-SNAPSHOT</version>");
    }

    private static String version(Path pom) throws IOException {
        return Files.readString(pom).replaceFirst("(?s).*<quarkus.version>([^<]+)<.*", "$1");
    }
}
