package dev.lastcall.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Tools of a test's own, by their path: {@code /echo} answers with what it was sent, {@code /held…} once it is let go, {@code /fails} 500,
 * {@code /moved} a redirect to {@code /echo}, {@code /large} 2000 bytes, {@code /binary} what is no text. Thread-safe.
 */
public final class ToolServer implements AutoCloseable {
    /** A request that came in. */
    public record Request(String path, String key, String body) {}

    private static final int LARGE = 2000;

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    private ToolServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public static ToolServer start() {
        try {
            return new ToolServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** All requests to this path so far, in the order in which they came. */
    public List<Request> requests(String path) {
        return requests.stream().filter(each -> each.path().equals(path)).toList();
    }

    /** A path that begins with {@code /held} answers, now and later. */
    public void letGo(String path) {
        latch(path).countDown();
    }

    private CountDownLatch latch(String path) {
        return held.computeIfAbsent(path, first -> new CountDownLatch(1));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        requests.add(new Request(path, exchange.getRequestHeaders().getFirst("Idempotency-Key"), body));
        try (exchange) {
            if (path.startsWith("/held")) {
                latch(path).await();
            }
            switch (path) {
                case "/fails" -> send(exchange, 500, "out of paper".getBytes(StandardCharsets.UTF_8));
                case "/moved" -> {
                    exchange.getResponseHeaders().putAll(Map.of("Location", List.of(url("/echo"))));
                    send(exchange, 307, new byte[0]);
                }
                case "/large" -> send(exchange, 200, "x".repeat(LARGE).getBytes(StandardCharsets.UTF_8));
                case "/binary" -> send(exchange, 200, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
                default -> send(exchange, 200, ("said " + body).getBytes(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        held.values().forEach(CountDownLatch::countDown);
        server.stop(0);
        threads.shutdownNow();
    }
}
