package dev.lastcall.kubernetes;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The files of the pod's service account. Read anew for each request, because the kubelet replaces the token and the authority. Thread-safe. */
final class ServiceAccount {
    private final Vertx vertx;
    private final String folder;

    /** @param folder with {@code token}, {@code ca.crt} and {@code namespace} */
    ServiceAccount(Vertx vertx, String folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    /**
     * The contents of the files at one moment.
     *
     * @param authority the certificates, PEM, of which one has signed the API server's
     */
    record Credentials(String token, String namespace, Buffer authority) {}

    /** Fails where a file cannot be read. */
    Future<Credentials> read() {
        Future<Buffer> token = vertx.fileSystem().readFile(folder + "/token");
        Future<Buffer> namespace = vertx.fileSystem().readFile(folder + "/namespace");
        Future<Buffer> authority = vertx.fileSystem().readFile(folder + "/ca.crt");
        return Future.all(token, namespace, authority)
                .map(all -> new Credentials(text(token.result()), text(namespace.result()), authority.result()))
                .recover(missing -> Future.failedFuture(new IllegalStateException(
                        "no service account below " + folder + ", automountServiceAccountToken: true mounts it",
                        missing)));
    }

    private static String text(Buffer file) {
        return file.toString(StandardCharsets.UTF_8).strip();
    }
}
