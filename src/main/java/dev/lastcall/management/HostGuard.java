package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests whose {@code Host} is a name that nobody has allowed. A page can point a name of its own at this port (DNS rebinding), and
 * the browser then takes us for a part of its site; it cannot do that with an address. Stateless.
 */
final class HostGuard implements Handler<RoutingContext> {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final Set<String> allowed;

    /** @param allowed names besides {@code localhost} and addresses */
    HostGuard(List<String> allowed) {
        this.allowed = allowed.stream().map(HostGuard::normalized).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (TokenGuard.isHealth(exchange.normalizedPath())
                || isAllowed(request.getHeader("Host"), request.authority())) {
            exchange.next();
        } else {
            Guards.unmatched(exchange);
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.UNKNOWN_HOST,
                            "host: none of this port's names (expected: localhost, an address, or one of"
                                    + " lastcall.management.hosts)",
                            "call by an address, name the host in lastcall.management.hosts, or set"
                                    + " lastcall.management.token"));
        }
    }

    private boolean isAllowed(@Nullable String host, @Nullable HostAndPort authority) {
        if (authority == null) {
            // No browser leaves the header out; one that cannot be read is another matter.
            return host == null;
        }
        String name = normalized(authority.host());
        return name.equals("localhost")
                || name.contains(":")
                || IPV4.matcher(name).matches()
                || allowed.contains(name);
    }

    private static String normalized(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
