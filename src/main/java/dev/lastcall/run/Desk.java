package dev.lastcall.run;

import dev.lastcall.drain.Time;
import dev.lastcall.model.Model;

/** What every execution works with. */
record Desk(RunLog log, Model model, Time time, Feed feed, RunLimits limits, Toolbox toolbox) {
    /** Without tools. */
    Desk(RunLog log, Model model, Time time, Feed feed, RunLimits limits) {
        this(log, model, time, feed, limits, Toolbox.none());
    }
}
