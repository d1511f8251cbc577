package dev.lastcall.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A Redis that keeps nothing on disk, stopped by a JVM shutdown hook of the library. */
final class EmbeddedRedis {

    private EmbeddedRedis() {}

    /** The port on which it listens. */
    static int start() {
        try {
            int port = freePort();
            RedisServer.newRedisServer()
                    .port(port)
                    .bind("127.0.0.1")
                    .setting("save \"\"")
                    .build()
                    .start();
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException("embedded Redis did not start", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
