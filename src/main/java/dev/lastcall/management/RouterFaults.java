package dev.lastcall.management;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Gives a body to what the router of this port refuses by itself, with a bare status or a page. Stateless. */
final class RouterFaults {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private RouterFaults() {}

    /** Before Quarkus' own failure handler, which is the last; and where no route is there at all. */
    static void mount(Router router) {
        router.route().order(Integer.MAX_VALUE - 1).failureHandler(RouterFaults::failed);
        router.errorHandler(NOT_FOUND, RouterFaults::answer);
        router.errorHandler(BAD_REQUEST, RouterFaults::answer);
    }

    private static void failed(RoutingContext exchange) {
        if (exchange.statusCode() >= 400 && exchange.statusCode() < 500) {
            answer(exchange);
        } else if (isForm(exchange.request())) {
            // No path takes one, and whatever fails with one fails at reading it.
            refuseForm(exchange);
        } else if (!isGone(exchange.failure())) {
            exchange.next();
        }
    }

    private static boolean isForm(HttpServerRequest request) {
        String type =
                String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
        return type.startsWith("multipart/") || type.startsWith("application/x-www-form-urlencoded");
    }

    private static void refuseForm(RoutingContext exchange) {
        if (!exchange.response().headWritten()) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.BAD_REQUEST,
                            "body: a form that cannot be read (expected: JSON, or no body)",
                            "send none, or Content-Type: application/json"));
        }
    }

    /** The client has closed the connection or reset its stream while its body was read: there is nobody to be answered. */
    private static boolean isGone(@Nullable Throwable failure) {
        return failure instanceof HttpClosedException || failure instanceof StreamResetException;
    }

    private static void answer(RoutingContext exchange) {
        HttpServerResponse response = exchange.response();
        if (!response.headWritten()) {
            Answers.problem(
                    exchange, of(exchange.statusCode(), exchange.request().path()));
        }
    }

    private static ManagementProblem of(int status, String path) {
        return switch (status) {
            case NOT_FOUND ->
                new ManagementProblem(
                        ManagementProblem.Kind.NOT_FOUND,
                        "path: " + path
                                + " (expected: /, /drain, /info, /log-level, /rollout, or one below /drain or /q)",
                        "see /drain/openapi.yaml");
            case 413 ->
                new ManagementProblem(
                        ManagementProblem.Kind.TOO_LARGE,
                        "body: longer than quarkus.management.limits.max-body-size",
                        "send none, none is needed");
            case 417 ->
                new ManagementProblem(
                        ManagementProblem.Kind.EXPECTATION,
                        "Expect: only 100-continue can be expected",
                        "send the request without it");
            default ->
                new ManagementProblem(
                        ManagementProblem.Kind.BAD_REQUEST,
                        "request: refused with " + status + ", the path or the query cannot be decoded",
                        "percent-encode what is no letter or digit");
        };
    }
}
