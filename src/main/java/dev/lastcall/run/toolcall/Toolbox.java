package dev.lastcall.run.toolcall;

import dev.lastcall.drain.Time;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.run.event.OpenCall;
import dev.lastcall.tool.RequestTools;
import dev.lastcall.tool.Tool;
import dev.lastcall.tool.Tools;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The tools, their ledger and their limits, as executions use them.
 *
 * @param sure whether this pod's lease is sure at this instant: no effect begins without
 * @param maxTurns of the model, in one run
 * @param own what requests bring along
 */
public record Toolbox(Tools tools, ToolLedger ledger, BooleanSupplier sure, Time time, int maxTurns, RequestTools own) {
    /** Without tools that requests bring along. */
    public Toolbox(Tools tools, ToolLedger ledger, BooleanSupplier sure, Time time, int maxTurns) {
        this(tools, ledger, sure, time, maxTurns, RequestTools.NONE);
    }

    public Toolbox {
        if (maxTurns < 1) {
            throw new IllegalArgumentException("lastcall.run.max-turns: " + maxTurns + " (expected: at least 1)");
        }
    }

    public static Toolbox none(Time time) {
        return new Toolbox(Tools.none(), new VolatileToolLedger(), () -> true, time, 1);
    }

    /** The same with what a request brings along. */
    public Toolbox of(ModelRequest request) {
        return own.of(request.options())
                .map(tool -> new Toolbox(tools.with(tool), ledger, sure, time, maxTurns, own))
                .orElse(this);
    }

    /** Whether calls of this name are searches in the request's vector stores. */
    public boolean isFileSearch(String name) {
        return tools.find(name).map(Tool::isFileSearch).orElse(false);
    }

    /** The request with the tools of this service. A client's tool of the same name is not called: ours is. */
    public ModelRequest offer(ModelRequest request) {
        return request.offering(tools.definitions());
    }

    /** Whether this service carries out calls of this name. */
    public boolean carriesOut(String name) {
        return tools.find(name).isPresent();
    }

    /** Whether any of these calls is this service's to carry out. */
    public boolean carriesOut(List<OpenCall> calls) {
        return calls.stream().anyMatch(call -> tools.find(call.name()).isPresent());
    }
}
