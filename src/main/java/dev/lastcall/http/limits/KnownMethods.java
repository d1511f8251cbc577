package dev.lastcall.http.limits;

import java.util.Set;

/**
 * The methods that are registered with IANA (RFC 9110, 16.1), and {@value #OTHER} for all others: a request's method becomes a tag of the
 * metrics, and a client that invents methods would make a series of each. Stateless.
 */
final class KnownMethods {
    static final String OTHER = "OTHER";

    private static final Set<String> REGISTERED = Set.of(
            "ACL",
            "BASELINE-CONTROL",
            "BIND",
            "CHECKIN",
            "CHECKOUT",
            "CONNECT",
            "COPY",
            "DELETE",
            "GET",
            "HEAD",
            "LABEL",
            "LINK",
            "LOCK",
            "MERGE",
            "MKACTIVITY",
            "MKCALENDAR",
            "MKCOL",
            "MKREDIRECTREF",
            "MKWORKSPACE",
            "MOVE",
            "OPTIONS",
            "ORDERPATCH",
            "PATCH",
            "POST",
            "PRI",
            "PROPFIND",
            "PROPPATCH",
            "PUT",
            "QUERY",
            "REBIND",
            "REPORT",
            "SEARCH",
            "TRACE",
            "UNBIND",
            "UNCHECKOUT",
            "UNLINK",
            "UNLOCK",
            "UPDATE",
            "UPDATEREDIRECTREF",
            "VERSION-CONTROL");

    private KnownMethods() {}

    static boolean contains(String method) {
        return REGISTERED.contains(method);
    }
}
