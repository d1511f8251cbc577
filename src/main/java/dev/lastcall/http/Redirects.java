package dev.lastcall.http;

import io.vertx.core.http.HttpServerRequest;

/** Whether a client follows redirects. The JDK's HTTP client does not unless it is told to, which the clients built on it do not do. */
public final class Redirects {
    private Redirects() {}

    /** Goes by the client's name for itself; one that gives none is taken for a client that does. */
    public static boolean areFollowedBy(HttpServerRequest request) {
        String agent = request.getHeader("user-agent");
        return agent == null || !agent.startsWith("Java-http-client");
    }
}
