package dev.lastcall.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A known fault of the JDK's HTTP client, which is recognised by its name for itself. Stateless. */
final class JdkClients {
    private static final Pattern NAME = Pattern.compile("Java-http-client/(\\d{1,4})\\b.*");
    /** The first version that keeps its open streams (JDK-8335181). */
    private static final int MENDED = 24;

    private JdkClients() {}

    /** Whether the client takes any GOAWAY for the failure of everything that is in flight on the connection. */
    static boolean failAtGoAway(HttpServerRequest request) {
        return failsAtGoAway(request.getHeader("user-agent"));
    }

    static boolean failsAtGoAway(@Nullable String agent) {
        Matcher name = NAME.matcher(agent == null ? "" : agent);
        return name.matches() && Integer.parseInt(name.group(1)) < MENDED;
    }
}
