import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An application that knows nothing of draining: SIGTERM ends it at once. Answers on 127.0.0.1:8000, streams below /stream. */
final class App {
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8000), 256);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            byte[] body = "hello\n".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/stream", exchange -> {
            int events = Integer.parseInt(exchange.getRequestURI().getQuery().replace("events=", ""));
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int n = 0; n < events; n++) {
                    event(out, "{\"type\":\"token\",\"n\":" + n + ",\"text\":\"x\"}");
                    NEVER.await(50, TimeUnit.MILLISECONDS);
                }
                event(out, "{\"type\":\"end\",\"reason\":\"completed\"}");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        System.out.println("listening");
    }

    private static void event(OutputStream out, String data) throws IOException {
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
