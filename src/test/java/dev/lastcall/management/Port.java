package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.StatusTable;
import dev.lastcall.drain.Work;
import dev.lastcall.fleet.FleetAlone;
import dev.lastcall.fleet.History;
import dev.lastcall.fleet.Identity;
import dev.lastcall.fleet.Peers;
import dev.lastcall.management.ManagementConfig.PreStopHeader;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logmanager.LogContext;

/** The operator's routes on a server and a drain of their own, whose clock stands still. */
final class Port implements AutoCloseable {
    /** Bytes of socket buffers: a reader that stops is noticed soon. */
    private static final int SMALL = 8 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server;
    final Router router;
    final HeldTime time = new HeldTime();
    final InFlight inFlight = new InFlight(time);
    final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    final ReleaseSteps steps = new ReleaseSteps();
    final List<StatusTable.Source> rooms = new CopyOnWriteArrayList<>();
    final Watchers watchers = new Watchers(drain);
    final KubeletProbes probes = new KubeletProbes(time, true);
    final List<CompletableFuture<Void>> flushes = new CopyOnWriteArrayList<>();

    Port() {
        this(Optional.empty());
    }

    Port(Optional<String> token) {
        this(new Access(token, PreStopHeader.EXPECTED));
    }

    Port(PreStopHeader preStopHeader) {
        this(new Access(Optional.empty(), preStopHeader));
    }

    private record Access(Optional<String> token, PreStopHeader preStopHeader) implements ManagementConfig {
        @Override
        public Optional<List<String>> hosts() {
            return Optional.of(List.of("drain.example"));
        }
    }

    private Port(ManagementConfig config) {
        router = Router.router(vertx);
        // As Quarkus does on this port.
        router.route().order(Integer.MIN_VALUE).handler(BodyHandler.create(false));
        new Routes(
                        new Protection(config.token(), config.hosts().orElseThrow()),
                        drainPaths(config),
                        podPaths(config),
                        consolePaths(),
                        probes)
                .mount(router);
        server = vertx.createHttpServer(new HttpServerOptions().setSendBufferSize(SMALL))
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private DrainPaths drainPaths(ManagementConfig config) {
        PreStop preStop = new PreStop(
                drain, watchers, (CompletionStage<Void> flushed) -> flushes.add(flushed.toCompletableFuture()));
        return new DrainPaths(
                config,
                new DrainCommands(drain, new StatusTables(rooms)),
                preStop,
                new InFlightList(inFlight),
                new TimelineStream(drain, watchers, time));
    }

    private static PodPaths podPaths(ManagementConfig config) {
        return new PodPaths(
                new ConfigList(new SmallRyeConfigBuilder().build()),
                new LogLevels(config.token().isPresent(), LogContext.getLogContext()));
    }

    private ConsolePaths consolePaths() {
        Identity identity = FleetAlone.identity();
        Peers peers = FleetAlone.peers(drain, time, identity);
        History history = FleetAlone.history(drain, steps, identity);
        ConsoleSource source =
                new ConsoleSource(DrainSettings.defaults(), time, inFlight, steps, new StatusTables(rooms));
        return new ConsolePaths(
                new Console(drain, source, identity, peers, history),
                new HistoryList(history),
                new PeerList(drain, peers, identity));
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        return client.send(request(method, path, headers), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> begin(String method, String path) {
        return client.sendAsync(request(method, path), BodyHandlers.ofString());
    }

    /** For clients that vanish. */
    Socket get(String path, String... headers) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(SMALL);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.actualPort()));
        socket.setSoTimeout(60_000);
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n").getBytes(US_ASCII));
        return socket;
    }

    HttpResponse<String> sendBody(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .method(method, BodyPublishers.ofString(body));
        return client.send(
                headers.length == 0 ? request.build() : request.headers(headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .method(method, BodyPublishers.noBody());
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    int number() {
        return server.actualPort();
    }

    Entry admit(String path) {
        return admit(path, EntryClass.UNARY);
    }

    Entry admit(String path, EntryClass kind) {
        return (Entry) inFlight.admit(new Named(path), kind, true);
    }

    static JsonObject json(HttpResponse<String> response) {
        return new JsonObject(response.body());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private record Named(String path) implements Work {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public void cut() {}
    }
}
