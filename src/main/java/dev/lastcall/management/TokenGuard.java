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
    private final WrongTokens wrongTokens;

    TokenGuard(Token token, WrongTokens wrongTokens) {
        this.token = token;
        this.wrongTokens = wrongTokens;
    }

    @Override
    public void handle(RoutingContext exchange) {
        // The normalized path, because routes match that one: "/q/health/../../drain" is "/drain" to both.
        boolean open = isOpen(exchange.request().method(), exchange.normalizedPath());
        String authorization = exchange.request().getHeader("Authorization");
        if (open) {
            exchange.next();
            return;
        }
        String address = String.valueOf(exchange.request().remoteAddress().hostAddress());
        if (authorization != null && !wrongTokens.mayTry(address)) {
            refuseTries(exchange);
        } else if (token.isIn(authorization)) {
            exchange.next();
        } else {
            if (authorization != null) {
                wrongTokens.wrong(address);
            }
            challenge(exchange);
        }
    }

    private static void refuseTries(RoutingContext exchange) {
        Guards.unmatched(exchange);
        exchange.response().putHeader("Retry-After", "1");
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.WRONG_TOKENS,
                        "too many wrong tokens came from this address",
                        "wait a second and send the value of lastcall.management.token"));
    }

    private static void challenge(RoutingContext exchange) {
        Guards.unmatched(exchange);
        exchange.response().putHeader("WWW-Authenticate", CHALLENGES);
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.TOKEN_REQUIRED,
                        "this call needs the operator's token, and the Authorization header has none or another",
                        "send the value of lastcall.management.token as Bearer token, or as the password of Basic"));
    }

    private static boolean isOpen(HttpMethod method, String path) {
        return isHealth(path)
                || isAtOrBelow("/q/metrics", path)
                || (path.equals(DrainPaths.PRE_STOP)
                        && (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)));
    }

    static boolean isHealth(String path) {
        return isAtOrBelow("/q/health", path);
    }

    private static boolean isAtOrBelow(String root, String path) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
