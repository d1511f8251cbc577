package dev.lastcall.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a call, by one rule for all: each once at the most, and none with a character that PostgreSQL cannot hold.
 *
 * @param problem what is wrong with the call
 */
record Query(RoutingContext exchange, Optional<ManagementProblem> problem) {
    static Query of(RoutingContext exchange, List<String> names) {
        return new Query(
                exchange,
                names.stream()
                        .filter(name -> !isFine(exchange.queryParam(name)))
                        .findFirst()
                        .map(name -> problem(name, exchange.queryParam(name))));
    }

    /** The one value of a parameter; null where it is left out. */
    @Nullable
    String value(String name) {
        List<String> values = exchange.queryParam(name);
        return values.isEmpty() ? null : values.get(0);
    }

    private static boolean isFine(List<String> values) {
        return values.size() <= 1 && values.stream().noneMatch(value -> value.indexOf(0) >= 0);
    }

    static ManagementProblem problem(String name, List<String> values) {
        return new ManagementProblem(
                ManagementProblem.Kind.BAD_REQUEST,
                name + ": " + String.join(", ", values).replace("\0", "%00") + " (expected: one value, without %00)",
                "send the parameter once, or leave it out");
    }
}
