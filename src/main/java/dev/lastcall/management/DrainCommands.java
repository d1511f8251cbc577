package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Trigger;
import dev.lastcall.drain.Undrain;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** The drain as a resource: to look at, to start, to undo. */
@Singleton
final class DrainCommands {
    private final Drain drain;
    private final StatusTables tables;

    DrainCommands(Drain drain, StatusTables tables) {
        this.drain = drain;
        this.tables = tables;
    }

    /** 200. */
    void show(RoutingContext exchange) {
        Answers.json(exchange, 200, look(drain.view()));
    }

    /** 202 while the drain is on its way, 200 once nothing is in flight. */
    void start(RoutingContext exchange) {
        Asker.inBody(exchange).ifPresent(asked -> {
            drain.trigger(Trigger.OPERATOR, asked);
            DrainView view = drain.view();
            Answers.json(exchange, view.state().isUnderWay() ? 202 : 200, look(view));
        });
    }

    /** 200 where the process serves again (or still did), 409 where it is too late. */
    void undo(RoutingContext exchange) {
        Undrain answer = drain.undrain();
        if (answer instanceof Undrain.TooLate late) {
            Answers.problem(exchange, tooLate(late));
        } else {
            show(exchange);
        }
    }

    private JsonObject look(DrainView view) {
        return DrainJson.of(view).put("tables", tables.json());
    }

    private static ManagementProblem tooLate(Undrain.TooLate late) {
        return new ManagementProblem(
                ManagementProblem.Kind.TOO_LATE,
                late.reason(),
                "let the pod end, its replacement serves; a pre-stop that no signal follows expires by itself",
                new JsonObject().put("state", late.state().key()).put("reason", late.reason()));
    }
}
