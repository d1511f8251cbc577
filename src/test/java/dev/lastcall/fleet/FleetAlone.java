package dev.lastcall.fleet;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import java.time.Duration;

/** A fleet of one pod, without PostgreSQL and Redis. */
public final class FleetAlone {
    public static final String POD = "lastcall-7d9f-x2x";
    static final FleetSettings SETTINGS = new FleetSettings("test", Duration.ofSeconds(2), Duration.ofDays(1));

    private FleetAlone() {}

    public static Identity identity() {
        return new Identity(POD);
    }

    public static History history(Drain drain, ReleaseSteps steps, Identity identity) {
        return new History(drain, steps, identity, new FakeTime(), (Archive) null);
    }

    public static Peers peers(Drain drain, Time time, Identity identity) {
        return new Peers(drain, time, identity, SETTINGS, null);
    }
}
