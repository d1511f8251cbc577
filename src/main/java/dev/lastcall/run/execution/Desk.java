package dev.lastcall.run.execution;

import dev.lastcall.drain.Time;
import dev.lastcall.model.Model;
import dev.lastcall.run.log.Feed;
import dev.lastcall.run.log.RunLog;
import dev.lastcall.run.toolcall.Toolbox;

/** What every execution works with. */
public record Desk(RunLog log, Model model, Time time, Feed feed, RunLimits limits, Toolbox toolbox) {
    /** Without tools. */
    Desk(RunLog log, Model model, Time time, Feed feed, RunLimits limits) {
        this(log, model, time, feed, limits, Toolbox.none(time));
    }
}
