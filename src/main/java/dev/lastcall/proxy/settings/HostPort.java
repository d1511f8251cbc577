package dev.lastcall.proxy.settings;

import io.vertx.core.net.SocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port.
 *
 * @param host a name or an address; IPv6 without brackets
 */
public record HostPort(String host, int port) {
    /** The scheme of an application that speaks HTTP/2 without TLS. */
    static final String H2C = "h2c://";

    /** The scheme of an application that is spoken to by TLS. */
    static final String HTTPS = "https://";

    private static final String HTTP = "http://";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[([0-9a-fA-F.%]*:[0-9a-fA-F:.%]*)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");

    /**
     * Reads {@code host:port}.
     *
     * @param key whose value it is, for the message
     * @throws IllegalArgumentException where it is no {@code host:port}
     */
    public static HostPort parse(String key, String value) {
        HostPort parsed = of(key, value, value, "host:port");
        if (parsed.port < 0) {
            throw wrong(key, value, "host:port");
        }
        return parsed;
    }

    /**
     * Parses {@code http://host:port}, {@code https://host:port} or {@code h2c://host:port} as {@link #parse} does; the port may be missing and is
     * the scheme's then.
     */
    static HostPort parseUrl(String key, String value) {
        if (!value.startsWith(HTTP) && !value.startsWith(HTTPS) && !value.startsWith(H2C)) {
            throw wrong(key, value, "http://host:port");
        }
        HostPort parsed = of(key, value, value.substring(value.indexOf("//") + 2), "http://host:port");
        if (parsed.port >= 0) {
            return parsed;
        }
        return new HostPort(parsed.host, value.startsWith(HTTPS) ? HTTPS_PORT : HTTP_PORT);
    }

    /** Splits an authority by hand: a {@link java.net.URI} has no host where its name has an underscore, which names in compose files do. */
    private static HostPort of(String key, String value, String authority, String expected) {
        String rest = authority.endsWith("/") ? authority.substring(0, authority.length() - 1) : authority;
        Matcher parts = HOST_PORT.matcher(rest);
        if (!parts.matches()) {
            throw wrong(key, value, expected);
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        int port = parts.group(3) == null ? -1 : Integer.parseInt(parts.group(3));
        if (port > 0xffff) {
            throw wrong(key, value, expected);
        }
        return new HostPort(host, port);
    }

    private static IllegalArgumentException wrong(String key, String value, String expected) {
        return new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
    }

    /** Returns the address, whose name is not resolved yet. */
    public SocketAddress address() {
        return SocketAddress.inetSocketAddress(port, host);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
