import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains the AOT cache of the image: starts the packaged application in the seat of the image, uses it, drains it by preStop and SIGTERM with a
 * stream in flight, and waits until the JVM has written the cache. {@code SEAT=service java Training JAR CACHE}. Any surprise fails the image's build.
 */
final class Training {
    private static final Pattern HTTP = Pattern.compile("Listening on: http://[^ ]+?:([0-9]+)(?![0-9])");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://[^ ]+?:([0-9]+)");
    private static final long LIMIT_SECONDS = 300;

    private static final int REQUESTS = 2000;

    private final boolean sidecar;
    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Integer> http = new CompletableFuture<>();
    private final CompletableFuture<Integer> management = new CompletableFuture<>();

    private Training(boolean sidecar) {
        this.sidecar = sidecar;
    }

    public static void main(String[] arguments) throws Exception {
        String seat = System.getenv().getOrDefault("SEAT", "service");
        if (!List.of("service", "sidecar").contains(seat)) {
            throw new IllegalArgumentException("SEAT: " + seat + " (expected: service or sidecar)");
        }
        HttpServer upstream = upstream();
        try {
            new Training(seat.equals("sidecar")).run(arguments[0], Path.of(arguments[1]), upstream);
        } finally {
            upstream.stop(0);
        }
    }

    private void run(String jar, Path cache, HttpServer upstream) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:AOTCacheOutput=" + cache,
                "-XX:MaxRAMPercentage=70",
                "-XX:+ExitOnOutOfMemoryError",
                "-jar",
                jar);
        builder.environment()
                .putAll(Map.of("QUARKUS_HTTP_PORT", "0", "QUARKUS_MANAGEMENT_PORT", "0", "LASTCALL_DRAIN_LAME_DUCK_MAX", "2"));
        if (sidecar) {
            String address = "http://127.0.0.1:" + upstream.getAddress().getPort();
            builder.environment().putAll(Map.of("LASTCALL_PROXY_UPSTREAM", address, "LASTCALL_PROXY_LISTEN", "127.0.0.1:0"));
        }
        Process service = builder.redirectErrorStream(true).start();
        try {
            Thread reader = new Thread(() -> read(service));
            reader.start();
            use();
            service.toHandle().destroy();
            // The cache is written between the service's end and the process'.
            if (!service.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the service did not end in " + LIMIT_SECONDS + " s");
            }
            reader.join();
        } finally {
            service.destroyForcibly();
        }
        if (service.exitValue() != 0 || !Files.isRegularFile(cache)) {
            throw new IllegalStateException("exit code " + service.exitValue() + ", cache "
                    + (Files.exists(cache) ? "written" : "missing") + " (expected: 0, written)");
        }
        System.out.println(cache + ": " + Files.size(cache) / (1024 * 1024) + " MiB");
    }

    private void use() throws Exception {
        int clients = http.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        int operators = management.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        for (String path : List.of("/q/health/started", "/q/health/ready", "/q/health/live", "/drain", "/drain/in-flight", "/q/metrics")) {
            expect(200, get(operators, path));
        }
        if (sidecar) {
            useSidecar(clients, operators);
        } else {
            useService(clients, operators);
        }
    }

    private void useService(int clients, int operators) throws Exception {
        expect(200, post(clients, "/agent/run", "hello"));
        expect(200, post(clients, "/agent/stream", "count to 5"));
        expect(404, get(clients, "/nowhere"));
        CompletableFuture<HttpResponse<String>> stream = post(clients, "/agent/stream", "count to 60");
        expect(200, get(operators, "/drain/pre-stop"));
        expect(200, stream);
    }

    private void useSidecar(int clients, int operators) throws Exception {
        for (int i = 0; i < REQUESTS; i++) {
            expect(200, get(clients, "/" + i));
        }
        expect(200, post(clients, "/", "hello"));
        CompletableFuture<HttpResponse<String>> stream = get(clients, "/stream");
        expect(200, get(operators, "/drain/pre-stop"));
        expect(200, stream);
    }

    /** The application that the sidecar stands before: a short answer, and one that takes some seconds. */
    private static HttpServer upstream() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.createContext("/stream", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 30; i++) {
                exchange.getResponseBody().write(("data: " + i + "\n\n").getBytes(StandardCharsets.US_ASCII));
                exchange.getResponseBody().flush();
                LockSupport.parkNanos(100_000_000);
            }
            exchange.close();
        });
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        return server;
    }

    private static void expect(int status, CompletableFuture<HttpResponse<String>> answer) throws Exception {
        HttpResponse<String> response = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.uri() + ": " + response.statusCode() + " (expected: " + status + ")");
        }
    }

    private CompletableFuture<HttpResponse<String>> get(int port, String path) {
        return client.sendAsync(request(port, path).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(int port, String path, String input) {
        HttpRequest request = request(port, path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"input\":\"" + input + "\"}"))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(LIMIT_SECONDS));
    }

    private void read(Process service) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                port(HTTP, line, http);
                port(MANAGEMENT, line, management);
            }
        } catch (IOException e) {
            System.out.println("output lost: " + e);
        }
        IllegalStateException ended = new IllegalStateException("the service ended before it was used");
        http.completeExceptionally(ended);
        management.completeExceptionally(ended);
    }

    private static void port(Pattern pattern, String line, CompletableFuture<Integer> port) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
            port.complete(Integer.valueOf(matcher.group(1)));
        }
    }
}
