package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import redis.embedded.RedisServer;

/** A Redis of a test's own, which it may kill, freeze, cut off and bring back on the same port. Not thread-safe. */
public final class RedisProcess implements AutoCloseable {
    private final int port;
    private RedisServer server;
    private ProcessHandle process;

    private RedisProcess(int port) throws IOException {
        this.port = port;
        Set<Long> before = children();
        server = server(port);
        server.start();
        process = newChild(before);
    }

    public static RedisProcess start() {
        try {
            return new RedisProcess(freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port on which nobody listens. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** SIGKILL, which ends a frozen one too. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** After a kill: the same port, empty. */
    public void restart() {
        try {
            Set<Long> before = children();
            server = server(port);
            server.start();
            process = newChild(before);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGSTOP: connections stay and nobody answers on them. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    /** Sends one inline command and reads what comes of it. */
    public String command(String line) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RedisServer server(int port) throws IOException {
        return RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private static ProcessHandle newChild(Set<Long> before) {
        Set<Long> fresh = new HashSet<>(children());
        fresh.removeAll(before);
        return fresh.stream()
                .map(pid -> ProcessHandle.of(pid).orElseThrow())
                .filter(child -> child.info().command().orElse("").contains("redis"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no new process (expected: a redis-server)"));
    }

    @Override
    public void close() {
        kill();
    }
}
