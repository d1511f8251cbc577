package dev.lastcall.proxy.message;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header fields that belong to one connection and end at it (RFC 9110, 7.6.1). */
public final class HopByHop {
    /** Named by {@code Connection} or not, these are for everybody on the way; a client must not be able to have them dropped. */
    private static final Set<String> NEVER =
            Set.of("host", "content-length", "forwarded", "traceparent", "tracestate", "baggage");

    private static final Set<String> NONE = Set.of();

    private HopByHop() {}

    /** Whether a field is so without being named by {@code Connection}. */
    public static boolean isHopByHop(String name) {
        return switch (name.length()) {
            case 2 -> name.equalsIgnoreCase("te");
            case 7 -> name.equalsIgnoreCase("upgrade");
            case 10 -> name.equalsIgnoreCase("connection") || name.equalsIgnoreCase("keep-alive");
            case 14 -> name.equalsIgnoreCase("http2-settings");
            case 16 -> name.equalsIgnoreCase("proxy-connection");
            case 17 -> name.equalsIgnoreCase("transfer-encoding");
            case 18 -> name.equalsIgnoreCase("proxy-authenticate");
            case 19 -> name.equalsIgnoreCase("proxy-authorization");
            default -> false;
        };
    }

    /** The fields, in lower case, that {@code Connection} declares to be hop-by-hop too. */
    public static Set<String> namedBy(MultiMap headers) {
        // Most have none: a look for one is cheaper than a list of all.
        return headers.contains(HttpHeaders.CONNECTION) ? namedBy(headers.getAll(HttpHeaders.CONNECTION)) : NONE;
    }

    private static Set<String> namedBy(List<String> connection) {
        Set<String> named = NONE;
        for (String value : connection) {
            for (String token : value.split(",", -1)) {
                String name = token.strip().toLowerCase(Locale.ROOT);
                // What is always one needs no list: most say "keep-alive" and no more.
                if (!name.isEmpty() && !isHopByHop(name) && !NEVER.contains(name) && !name.startsWith("x-forwarded-")) {
                    named = named.isEmpty() ? new HashSet<>() : named;
                    named.add(name);
                }
            }
        }
        return named;
    }
}
