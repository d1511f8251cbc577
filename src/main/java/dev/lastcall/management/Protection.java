package dev.lastcall.management;

import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The protection of the port: the token that it asks for, or without one the names by which it may be called. */
@Singleton
final class Protection {
    private static final String KEY = "lastcall.management.token";

    private final Optional<Token> token;
    private final List<String> hosts;

    /** The mapping takes an empty value for a missing one, and an empty Secret would open the port to everybody: asked without it. */
    @Inject
    Protection(ManagementConfig config, SmallRyeConfig values) {
        this(
                config.token()
                        .or(() -> Optional.ofNullable(values.getConfigValue(KEY).getValue())),
                config.hosts().orElse(List.of()));
    }

    Protection(Optional<String> secret, List<String> hosts) {
        token = secret.map(Token::new);
        this.hosts = List.copyOf(hosts);
    }

    /** Returns the handler that looks at each request before its path does. */
    Handler<RoutingContext> guard() {
        return token.<Handler<RoutingContext>>map(secret -> new TokenGuard(secret, new WrongTokens(System::nanoTime)))
                .orElseGet(() -> new HostGuard(hosts));
    }

    Optional<Token> token() {
        return token;
    }
}
