package dev.lastcall.kubernetes;

import dev.lastcall.testing.SelfSigned;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * An API server with one pod, on a real TLS socket: lists, watches and patches, and whatever a test makes of an answer. Its service account
 * lies in a folder as the kubelet mounts one.
 */
final class ApiServerStandIn implements AutoCloseable {
    /** A request as it came. */
    record Request(String method, String target, Map<String, String> headers, String body) {
        boolean isWatch() {
            return target.contains("watch=true");
        }
    }

    /** Answers one request; what it throws closes the connection. */
    interface Answer {
        void write(Request request, Exchange exchange) throws IOException;
    }

    final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Exchange> watches = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "api-server");
        thread.setDaemon(true);
        return thread;
    });
    private final SSLServerSocket listener;
    private final Path account;
    private volatile Answer answer = this::answer;
    private volatile @Nullable String pod;

    /** @param folder for the account's files */
    ApiServerStandIn(Path folder, SelfSigned certificate) throws IOException, GeneralSecurityException {
        account = Files.createDirectories(folder.resolve("serviceaccount"));
        Files.writeString(account.resolve("ca.crt"), certificate.pem());
        Files.writeString(account.resolve("namespace"), "shop");
        token("first");
        listener = (SSLServerSocket) certificate
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    String account() {
        return account.toString();
    }

    void token(String token) throws IOException {
        Files.writeString(account.resolve("token"), token + "\n");
    }

    /** The pod that lists tell from now on; null: there is none. */
    void pod(@Nullable String object) {
        pod = object;
    }

    /** Answers by this from now on. */
    void answering(Answer other) {
        answer = other;
    }

    /** Answers as a server without faults again. */
    void behave() {
        answer = this::answer;
    }

    /** Tells every watch that is open. */
    void event(String type, String object) throws IOException {
        tell("{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object));
    }

    void tell(String text) throws IOException {
        for (Exchange watch : watches) {
            watch.chunk(text);
        }
    }

    /** Ends every watch in order, as at the end of its time. */
    void endWatches() throws IOException {
        List<Exchange> ended = List.copyOf(watches);
        watches.clear();
        for (Exchange watch : ended) {
            watch.chunk("");
        }
    }

    /** Breaks every connection. */
    void breakOff() throws IOException {
        watches.clear();
        List<Socket> broken = List.copyOf(sockets);
        sockets.clear();
        for (Socket socket : broken) {
            socket.close();
        }
    }

    int watches() {
        return watches.size();
    }

    long count(boolean watch) {
        return requests.stream()
                .filter(each -> each.method().equals("GET") && each.isWatch() == watch)
                .count();
    }

    List<String> patches(String part) {
        return requests.stream()
                .filter(each -> each.method().equals("PATCH") && each.target().endsWith("/pods/web-1" + part))
                .map(Request::body)
                .toList();
    }

    static String pod(String version, String metadata, String status) {
        return ("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"web-1\",\"uid\":\"u1\",\"resourceVersion\":\"%s\"%s},"
                        + "\"spec\":{\"terminationGracePeriodSeconds\":30},\"status\":{%s}}")
                .formatted(version, metadata, status);
    }

    static String deleted(String version, int grace) {
        return pod(
                version,
                ",\"deletionTimestamp\":\"%s\",\"deletionGracePeriodSeconds\":%d"
                        .formatted(Instant.now().plusSeconds(grace).toString(), grace),
                "");
    }

    /** One connection, on which one request is answered. */
    static final class Exchange {
        private final OutputStream out;

        Exchange(OutputStream out) {
            this.out = out;
        }

        synchronized void raw(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        void json(int status, String body) throws IOException {
            raw("HTTP/1.1 %d Any\r\nDate: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(status, date(), body.getBytes(StandardCharsets.UTF_8).length, body));
        }

        void status(int code, String message) throws IOException {
            json(code, "{\"kind\":\"Status\",\"code\":%d,\"message\":\"%s\"}".formatted(code, message));
        }

        void begin() throws IOException {
            raw("HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .formatted(date()));
        }

        void chunk(String text) throws IOException {
            raw(Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n");
        }

        private static String date() {
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.now().atOffset(ZoneOffset.UTC));
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            Request request = read(first, in);
            requests.add(request);
            answer.write(request, new Exchange(socket.getOutputStream()));
            // Until the client goes: a watch stays open, and nothing else is asked on this connection.
            int more = 0;
            while (more >= 0) {
                more = in.read();
            }
        } catch (IOException e) {
            // The client is gone, or the test wants it to be.
        } finally {
            try {
                socket.close();
            } catch (IOException e) {
                // It was.
            }
        }
    }

    private static Request read(String first, BufferedReader in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        char[] body = new char[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        int read = 0;
        while (read < body.length) {
            read += Math.max(0, in.read(body, read, body.length - read));
        }
        String[] words = first.split(" ", -1);
        return new Request(words[0], words[1], headers, new String(body));
    }

    private void answer(Request request, Exchange exchange) throws IOException {
        if (request.method().equals("PATCH")) {
            exchange.json(200, "{}");
        } else if (request.isWatch()) {
            exchange.begin();
            watches.add(exchange);
        } else {
            exchange.json(
                    200,
                    "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[%s]}".formatted(pod == null ? "" : pod));
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        breakOff();
        threads.shutdownNow();
    }
}
