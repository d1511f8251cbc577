package dev.lastcall.management;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Refuses requests without the token, except to the paths of kubelets and scrapers, which cannot send one. */
final class TokenGuard implements Handler<RoutingContext> {
    /** One challenge for each scheme: browsers answer Basic, and EventSource can send nothing else. */
    private static final List<String> CHALLENGES =
            List.of("Bearer realm=\"lastcall\"", "Basic realm=\"lastcall\", charset=\"UTF-8\"");

    private final Token token;

    TokenGuard(Token token) {
        this.token = token;
    }

    @Override
    public void handle(RoutingContext exchange) {
        // The normalized path, because routes match that one: "/q/health/../../drain" is "/drain" to both.
        boolean open = isOpen(exchange.request().method(), exchange.normalizedPath());
        if (open || token.isIn(exchange.request().getHeader("Authorization"))) {
            exchange.next();
            return;
        }
        exchange.response().putHeader("WWW-Authenticate", CHALLENGES);
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.TOKEN_REQUIRED,
                        "this call needs the operator's token, and the Authorization header has none or another",
                        "send the value of lastcall.management.token as Bearer token, or as the password of Basic"));
    }

    private static boolean isOpen(HttpMethod method, String path) {
        return isAtOrBelow("/q/health", path)
                || isAtOrBelow("/q/metrics", path)
                || (method.equals(HttpMethod.GET) && path.equals(DrainPaths.PRE_STOP));
    }

    private static boolean isAtOrBelow(String root, String path) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
