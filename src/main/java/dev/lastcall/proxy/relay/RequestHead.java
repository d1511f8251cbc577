package dev.lastcall.proxy.relay;

import dev.lastcall.proxy.message.HopByHop;
import dev.lastcall.proxy.message.Target;
import dev.lastcall.proxy.settings.HostPort;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpRequestHead;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds a request's head for the application: without the fields of the client's connection, with the forwarding fields. Stateless. */
final class RequestHead {
    private static final String OLDER = "x-forwarded-";
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
    private static final CharSequence FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final CharSequence HOST = HttpHeaders.createOptimized("X-Forwarded-Host");
    private static final CharSequence PROTO = HttpHeaders.createOptimized("X-Forwarded-Proto");

    private RequestHead() {}

    /**
     * @param upgrades whether the connection is to become a WebSocket
     * @param http2 whether the application gets it by HTTP/2
     * @throws IllegalArgumentException where a field of an HTTP/2 request cannot be written in HTTP/1.1
     */
    static HttpRequestHead of(HttpServerRequest request, HostPort upstream, boolean upgrades, boolean http2) {
        Target target = Target.of(request);
        // What came by HTTP/1.1 has been checked by the parser.
        MultiMap to =
                request.version() == HttpVersion.HTTP_2 ? HeadersMultiMap.httpHeaders() : HeadersMultiMap.headers();
        String host = target.host() != null ? target.host() : upstream.toString();
        if (!http2) {
            to.add(HttpHeaders.HOST, host);
        } else if (wantsTrailers(request)) {
            to.add(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        Forwarding forwarding = new Forwarding();
        copy(request, to, forwarding);
        forwarding.addTo(to, request, target.host());
        if (upgrades) {
            to.add(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
            to.add(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET);
        }
        return new HttpRequestHead(request.method(), target.uri(), to, host, target.uri(), null);
    }

    /** The one thing that TE may say in HTTP/2, without which a gRPC server answers nothing. */
    private static boolean wantsTrailers(HttpServerRequest request) {
        String value = request.getHeader(HttpHeaderNames.TE);
        return value != null && value.toLowerCase(Locale.ROOT).contains("trailers");
    }

    private static void copy(HttpServerRequest request, MultiMap to, Forwarding forwarding) {
        MultiMap from = request.headers();
        Set<String> named = HopByHop.namedBy(from);
        StringBuilder cookies = null;
        for (Map.Entry<String, String> field : from) {
            String name = field.getKey();
            if (HopByHop.isHopByHop(name) || (!named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)))) {
                continue;
            }
            if (name.equalsIgnoreCase("max-forwards")) {
                to.add(name, RequestCheck.nextMaxForwards(request.method(), field.getValue()));
            } else if (name.equalsIgnoreCase("cookie")) {
                // HTTP/2 may send one a cookie; HTTP/1.1 allows one for all (RFC 9113, 8.2.3).
                cookies = cookies == null
                        ? new StringBuilder(field.getValue())
                        : cookies.append("; ").append(field.getValue());
            } else if (!name.equalsIgnoreCase("host")
                    && !name.equalsIgnoreCase("expect")
                    && !forwarding.takes(name, field.getValue())) {
                to.add(name, field.getValue());
            }
        }
        if (cookies != null) {
            to.add(HttpHeaders.COOKIE, cookies);
        }
    }

    /**
     * The header fields that tell who asked, and how: RFC 7239 and its older cousins. A proxy before us may have sent them already. Then we add
     * ourselves to the chain, in the form that came alone (RFC 7239, 7.4): an application that believes one form more than the other would take our
     * word for the client's.
     */
    private static final class Forwarding {
        private @Nullable String forwarded;
        private @Nullable String chain;
        private boolean older;
        private boolean host;
        private boolean proto;

        boolean takes(String name, String value) {
            older |= name.regionMatches(true, 0, OLDER, 0, OLDER.length());
            switch (name.length()) {
                case 9 -> {
                    if (name.equalsIgnoreCase("forwarded")) {
                        forwarded = append(forwarded, value);
                        return true;
                    }
                }
                case 15 -> {
                    if (name.equalsIgnoreCase("x-forwarded-for")) {
                        chain = append(chain, value);
                        return true;
                    }
                }
                case 16 -> host |= name.equalsIgnoreCase("x-forwarded-host");
                case 17 -> proto |= name.equalsIgnoreCase("x-forwarded-proto");
                default -> {}
            }
            return false;
        }

        void addTo(MultiMap to, HttpServerRequest request, @Nullable String asked) {
            String client = request.remoteAddress().hostAddress();
            String scheme = request.isSSL() ? "https" : "http";
            if (older || forwarded == null) {
                to.add(FOR, append(chain, client));
                if (!host && asked != null) {
                    to.add(HOST, asked);
                }
                if (!proto) {
                    to.add(PROTO, scheme);
                }
            }
            if (!older || forwarded != null) {
                String element = "for=" + quoted(client.indexOf(':') < 0 ? client : '[' + client + ']');
                if (asked != null) {
                    element += ";host=" + quoted(asked);
                }
                to.add(FORWARDED, append(forwarded, element + ";proto=" + scheme));
            }
        }

        private static String append(@Nullable String before, String value) {
            return before == null ? value : before + ", " + value;
        }

        private static String quoted(String value) {
            return isToken(value) ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        /** Twice for each request, so without a stream. */
        private static boolean isToken(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (!Character.isLetterOrDigit(c) && c != '.' && c != '-') {
                    return false;
                }
            }
            return true;
        }
    }
}
