package dev.lastcall.proxy.message;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import org.jspecify.annotations.Nullable;

/** A request's target in origin form (RFC 9112, 3.2), with its host. */
public record Target(String uri, @Nullable String host) {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    static boolean isAbsolute(String uri) {
        return uri.regionMatches(true, 0, HTTP, 0, HTTP.length())
                || uri.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
    }

    /** Of a faultless request. An absolute URL's host goes before the Host header. */
    public static Target of(HttpServerRequest request) {
        String uri = request.uri();
        if (!isAbsolute(uri)) {
            return new Target(uri, hostOf(request));
        }
        String authority = authorityOf(uri);
        String rest = uri.substring(uri.indexOf("//") + 2 + authority.length());
        return new Target(rest.startsWith("/") ? rest : '/' + rest, authority);
    }

    /** Of an absolute URL. */
    static String authorityOf(String uri) {
        int authority = uri.indexOf("//") + 2;
        int path = authority;
        while (path < uri.length() && "/?#".indexOf(uri.charAt(path)) < 0) {
            path++;
        }
        return uri.substring(authority, path);
    }

    private static @Nullable String hostOf(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return request.getHeader(HttpHeaders.HOST);
        }
        HostAndPort authority = request.authority();
        return authority == null ? null : authority.toString();
    }
}
