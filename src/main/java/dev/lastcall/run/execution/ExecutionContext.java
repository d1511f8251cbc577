package dev.lastcall.run.execution;

import dev.lastcall.drain.Time;
import dev.lastcall.model.Model;
import dev.lastcall.run.log.CommitListener;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.toolcall.Toolbox;

/** The collaborators of an execution: log, model, tools, limits. */
public record ExecutionContext(
        RunLog log, Model model, Time time, CommitListener feed, RunLimits limits, Toolbox toolbox) {
    /** Without tools. */
    ExecutionContext(RunLog log, Model model, Time time, CommitListener feed, RunLimits limits) {
        this(log, model, time, feed, limits, Toolbox.none(time));
    }
}
