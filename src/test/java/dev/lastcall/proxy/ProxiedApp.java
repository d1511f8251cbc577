package dev.lastcall.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A program that knows nothing of draining and exits at once on SIGTERM: {@code java App.java <port>}. */
public final class ProxiedApp {
    static final int LARGE = 200 << 20;
    private static final CountDownLatch RELEASE = new CountDownLatch(1);

    private ProxiedApp() {}

    /** Listens on the loopback address until it is killed. */
    public static void main(String... args) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 1024);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/agent/run", exchange -> answer(exchange, 20));
        server.createContext("/held", ProxiedApp::hold);
        server.createContext("/release", exchange -> {
            answer(exchange, 0);
            RELEASE.countDown();
        });
        server.createContext("/agent/stream", ProxiedApp::stream);
        server.createContext("/large", ProxiedApp::pour);
        server.createContext("/count", ProxiedApp::count);
        server.start();
        System.out.println("app listens on " + server.getAddress().getPort());
    }

    /** Holds the answer until the release is requested. */
    private static void hold(HttpExchange exchange) throws IOException {
        try {
            RELEASE.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        answer(exchange, 0);
    }

    private static void answer(HttpExchange exchange, long delayMs) throws IOException {
        exchange.getRequestBody().readAllBytes();
        sleep(delayMs);
        byte[] body = "{\"tokens\":2}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void pour(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, LARGE);
        byte[] block = new byte[1 << 20];
        try (OutputStream out = exchange.getResponseBody()) {
            for (int left = LARGE; left > 0; left -= block.length) {
                out.write(block);
            }
        }
    }

    private static void count(HttpExchange exchange) throws IOException {
        long read = exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        byte[] body = ("{\"read\":" + read + "}").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void stream(HttpExchange exchange) throws IOException {
        String input = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int count = Integer.parseInt(input.replaceAll("\\D", ""));
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int n = 1; n <= count; n++) {
                out.write(("data: {\"n\":" + n + "}\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                sleep(10);
            }
            out.write("data: {\"reason\":\"completed\"}\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void sleep(long ms) {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
