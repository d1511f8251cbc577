package dev.lastcall.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import redis.embedded.RedisServer;

/** A Redis of a test's own, which it may kill, freeze, cut off and bring back on the same port. Not thread-safe. */
public final class RedisProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final int port;
    private final Scope scope = Scope.innermost();
    private ChildProcess process;

    private RedisProcess(int port) {
        this.port = port;
        process = launch();
    }

    public static RedisProcess start() {
        return new RedisProcess(FreePort.next());
    }

    public int port() {
        return port;
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** SIGKILL, which ends a frozen one too. */
    public void kill() {
        process.close();
    }

    /** After a kill: the same port, empty. */
    public void restart() {
        process = launch();
    }

    /** SIGSTOP: connections stay and nobody answers on them. */
    public void freeze() {
        process.signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        process.signal("CONT");
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

    private ChildProcess launch() {
        try {
            Command command = Command.of(RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .buildCommandArgs());
            ChildProcess server = ChildProcess.start(command, scope);
            server.awaitLine("Ready to accept connections", START_LIMIT);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
