package dev.lastcall.proxy;

import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * One end of a connection.
 *
 * @param host a name or an address; IPv6 without brackets
 */
record HostPort(String host, int port) {
    /**
     * @param key whose value it is, for the message
     * @throws IllegalArgumentException where it is no {@code host:port}
     */
    static HostPort parse(String key, String value) {
        return of(key, value, "tcp://" + value, "host:port");
    }

    /** As {@link #parse}, from {@code http://host:port}; the port may be missing and is 80 then. */
    static HostPort parseUrl(String key, String value) {
        if (!value.startsWith("http://")) {
            throw wrong(key, value, "http://host:port");
        }
        HostPort parsed = of(key, value, value, "http://host:port");
        return parsed.port < 0 ? new HostPort(parsed.host, 80) : parsed;
    }

    private static HostPort of(String key, String value, String url, String expected) {
        try {
            URI uri = new URI(url);
            boolean more = uri.getUserInfo() != null
                    || uri.getQuery() != null
                    || uri.getFragment() != null
                    || !(uri.getPath().isEmpty() || uri.getPath().equals("/"));
            boolean portMissing = uri.getPort() < 0 && url.startsWith("tcp:");
            if (uri.getHost() == null || more || portMissing || uri.getPort() > 0xffff) {
                throw wrong(key, value, expected);
            }
            return new HostPort(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort());
        } catch (URISyntaxException e) {
            throw wrong(key, value, expected);
        }
    }

    private static IllegalArgumentException wrong(String key, String value, String expected) {
        return new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
    }

    SocketAddress address() {
        return SocketAddress.inetSocketAddress(port, host);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
