import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains the AOT cache of the image: starts the packaged service, uses it, drains it by preStop and SIGTERM with a stream in flight, and
 * waits until the JVM has written the cache. {@code java Training JAR CACHE}. Any surprise fails the image's build.
 */
final class Training {
    private static final Pattern HTTP = Pattern.compile("Listening on: http://[^ ]+?:([0-9]+)(?![0-9])");
    private static final Pattern MANAGEMENT = Pattern.compile("Management interface listening on http://[^ ]+?:([0-9]+)");
    private static final long LIMIT_SECONDS = 120;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CompletableFuture<Integer> http = new CompletableFuture<>();
    private final CompletableFuture<Integer> management = new CompletableFuture<>();

    public static void main(String[] arguments) throws Exception {
        new Training().run(arguments[0], Path.of(arguments[1]));
    }

    private void run(String jar, Path cache) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:AOTCacheOutput=" + cache,
                "-XX:MaxRAMPercentage=70",
                "-XX:+ExitOnOutOfMemoryError",
                "-jar",
                jar);
        builder.environment()
                .putAll(Map.of("QUARKUS_HTTP_PORT", "0", "QUARKUS_MANAGEMENT_PORT", "0", "LASTCALL_DRAIN_LAME_DUCK_MAX", "2"));
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
        expect(200, post(clients, "/agent/run", "hello"));
        expect(200, post(clients, "/agent/stream", "count to 5"));
        expect(404, get(clients, "/nowhere"));
        CompletableFuture<HttpResponse<String>> stream = post(clients, "/agent/stream", "count to 60");
        expect(200, get(operators, "/drain/pre-stop"));
        expect(200, stream);
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
