package dev.lastcall.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.OptionalInt;

/**
 * The query parameter {@code limit}.
 *
 * @param standard where it is left out
 */
record Limit(int standard, int max) {
    static final String NAME = "limit";

    /** Its value; where it has none, the problem has been answered. */
    OptionalInt in(RoutingContext exchange) {
        List<String> asked = exchange.queryParam(NAME);
        OptionalInt limit = of(asked);
        if (limit.isEmpty()) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.BAD_LIMIT,
                            "limit: " + String.join(", ", asked) + " (expected: one number from 1 to " + max + ")",
                            "correct the limit, or leave it out to get " + standard));
        }
        return limit;
    }

    private OptionalInt of(List<String> asked) {
        if (asked.isEmpty()) {
            return OptionalInt.of(standard);
        }
        try {
            int limit = Integer.parseInt(asked.get(0));
            return asked.size() == 1 && limit >= 1 && limit <= max ? OptionalInt.of(limit) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
