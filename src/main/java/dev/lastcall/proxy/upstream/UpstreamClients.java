package dev.lastcall.proxy.upstream;

import dev.lastcall.http.HeadSize;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import io.vertx.core.Future;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.impl.Http1xClientConnection;
import io.vertx.core.http.impl.HttpClientConnection;
import io.vertx.core.http.impl.HttpClientInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SSLOptions;
import io.vertx.core.net.SocketAddress;
import javax.net.ssl.SSLHandshakeException;

/** Makes connections to the application, each of the protocol asked for. Thread-safe. */
final class UpstreamClients {
    /** The bytes that a stream holds whose client takes nothing. */
    private static final int HTTP2_WINDOW = 32 * 1024;

    private final VertxInternal vertx;
    private final UpstreamAddresses addresses;
    private final HttpClientInternal http1;
    private final HttpClientInternal http2;
    private final boolean tls;

    UpstreamClients(VertxInternal vertx, ProxySettings settings, UpstreamAddresses addresses) {
        this.vertx = vertx;
        this.addresses = addresses;
        tls = settings.tls().toApplication();
        http1 = client(options(settings, HttpVersion.HTTP_1_1));
        http2 = client(options(settings, HttpVersion.HTTP_2)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setInitialSettings(new Http2Settings()
                        .setPushEnabled(false)
                        .setInitialWindowSize(HTTP2_WINDOW)
                        .setMaxHeaderListSize(HeadSize.MOST)));
    }

    private static HttpClientOptions options(ProxySettings settings, HttpVersion version) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int)
                        Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis()))
                .setKeepAliveTimeout(
                        0); // ours, to the millisecond and whatever the application's Keep-Alive field says
        settings.tls().configure(options, version, settings.connectTimeout());
        return options;
    }

    private HttpClientInternal client(HttpClientOptions options) {
        return (HttpClientInternal) vertx.createHttpClient(options, new PoolOptions().setCleanerPeriod(0));
    }

    Future<HttpClientConnection> connect(boolean wantsHttp2) {
        HttpClientInternal client = wantsHttp2 ? http2 : http1;
        Future<HttpClientConnection> made = addresses.connect(vertx, address -> connect(client, address));
        return wantsHttp2 && tls ? made.compose(UpstreamClients::requireHttp2) : made;
    }

    /** Under TLS the name is what the certificate is for, whichever of its addresses accepts. */
    private Future<HttpClientConnection> connect(HttpClientInternal client, SocketAddress address) {
        HostPort named = addresses.upstream();
        return tls ? client.connect(address, named.address()) : client.connect(address);
    }

    private static Future<HttpClientConnection> requireHttp2(HttpClientConnection connection) {
        if (connection instanceof Http1xClientConnection) {
            connection.close();
            return Future.failedFuture(new SSLHandshakeException("it does not offer h2 (ALPN)"));
        }
        return Future.succeededFuture(connection);
    }

    /** Other certificates are trusted or shown from now on; connections that there are stay. */
    void renew(SSLOptions options) {
        http1.updateSSLOptions(options);
        http2.updateSSLOptions(options);
    }
}
