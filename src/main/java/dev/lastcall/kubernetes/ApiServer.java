package dev.lastcall.kubernetes;

import dev.lastcall.kubernetes.ServiceAccount.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The API server as this pod's account sees it: HTTPS, each request on a connection of its own and with the token of the moment. On one
 * event loop.
 */
final class ApiServer {
    private static final int CONNECT_MS = 5000;

    private final Vertx vertx;
    private final ServiceAccount account;
    private final String host;
    private final int port;
    private final Duration limit;
    private @Nullable HttpClient client;
    private @Nullable Buffer trusted;

    /**
     * @param host an address, which the server's certificate has to name
     * @param limit for an answer's head, and for an answer that is no watch
     */
    ApiServer(Vertx vertx, ServiceAccount account, String host, int port, Duration limit) {
        this.vertx = vertx;
        this.account = account;
        this.host = host;
        this.port = port;
        this.limit = limit;
    }

    /** @param resource below this pod's namespace, with its query */
    ApiCall get(String resource, AnswerReader reader) {
        return watch(resource, limit, reader);
    }

    /** @param whole how long the answer may take */
    ApiCall watch(String resource, Duration whole, AnswerReader reader) {
        return new ApiCall(vertx, limit, whole, reader).begin(open(HttpMethod.GET, resource, null), Buffer.buffer());
    }

    /** @param type the kind of patch */
    ApiCall patch(String resource, String type, Buffer body, AnswerReader reader) {
        return new ApiCall(vertx, limit, limit, reader).begin(open(HttpMethod.PATCH, resource, type), body);
    }

    private Future<HttpClientRequest> open(HttpMethod method, String resource, @Nullable String type) {
        return account.read().compose(found -> {
            RequestOptions options = new RequestOptions()
                    .setMethod(method)
                    .setHost(host)
                    .setPort(port)
                    .setURI("/api/v1/namespaces/" + found.namespace() + resource)
                    .putHeader(HttpHeaders.HOST, (host.contains(":") ? "[" + host + "]" : host) + ":" + port)
                    .putHeader(HttpHeaders.ACCEPT, "application/json")
                    .putHeader(HttpHeaders.USER_AGENT, "lastcall")
                    .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + found.token());
            if (type != null) {
                options.putHeader(HttpHeaders.CONTENT_TYPE, type);
            }
            return clientFor(found).request(options);
        });
    }

    /** Another authority needs another client; the watch on the old one breaks off and is begun again. */
    private HttpClient clientFor(Credentials found) {
        if (client == null || !found.authority().equals(trusted)) {
            close();
            trusted = found.authority();
            client = vertx.createHttpClient(new HttpClientOptions()
                    .setSsl(true)
                    .setTrustOptions(new PemTrustOptions().addCertValue(found.authority()))
                    .setKeepAlive(false)
                    .setMaxPoolSize(4)
                    .setTcpKeepAlive(true)
                    .setConnectTimeout(CONNECT_MS));
        }
        return client;
    }

    void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
