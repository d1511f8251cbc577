package dev.lastcall.rehearsal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A tiny program that is rehearsed. {@code lossy} breaks off everything at SIGTERM; {@code polite} has a preStop that returns when it has
 * been quiet for a second. Both start a child that does not end by itself.
 */
final class RehearsedServer {
    private static final int EVENTS = 10;
    private static final int QUIET_SECONDS = 1;

    private static volatile boolean ending;
    private static volatile long lastAsked;
    private static final AtomicInteger IN_FLIGHT = new AtomicInteger();

    private RehearsedServer() {}

    public static void main(String... args) throws IOException {
        String mode = args[1];
        Process child = new ProcessBuilder("sleep", args[2]).start();
        if (mode.equals("lossy")) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(3)));
        }
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", RehearsedServer::answer);
        server.createContext("/pre-stop", RehearsedServer::awaitQuiet);
        server.start();
        System.out.println("listening, child " + child.pid());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        IN_FLIGHT.incrementAndGet();
        lastAsked = System.nanoTime();
        try (exchange) {
            if (ending) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/slow" -> {
                    pause(500);
                    send(exchange, "slow");
                }
                case "/stream" -> stream(exchange);
                default -> send(exchange, "short");
            }
        } finally {
            IN_FLIGHT.decrementAndGet();
        }
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, text.length());
        exchange.getResponseBody().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        for (int i = 0; i < EVENTS; i++) {
            out.write(("data: " + i + "\n\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            out.flush();
            pause(110);
        }
    }

    private static void awaitQuiet(HttpExchange exchange) throws IOException {
        ending = true;
        long quiet = TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
        lastAsked = System.nanoTime();
        while (IN_FLIGHT.get() > 0 || System.nanoTime() - lastAsked < quiet) {
            pause(20);
        }
        try (exchange) {
            send(exchange, "quiet");
        }
    }

    private static void pause(long millis) {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
