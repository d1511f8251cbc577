package dev.lastcall.management;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import jakarta.inject.Singleton;

/** The paths of this pod's drain API. */
@Singleton
final class DrainPaths {
    static final String DRAIN = "/drain";
    static final String PRE_STOP = "/drain/pre-stop";
    static final String IN_FLIGHT = "/drain/in-flight";
    static final String TIMELINE = "/drain/timeline";

    private final DrainCommands drain;
    private final PreStopGuard preStop;
    private final InFlightList inFlight;
    private final TimelineStream timeline;

    DrainPaths(
            ManagementConfig access,
            DrainCommands drain,
            PreStop preStop,
            InFlightList inFlight,
            TimelineStream timeline) {
        this.drain = drain;
        this.preStop = new PreStopGuard(access.preStopHeader(), preStop);
        this.inFlight = inFlight;
        this.timeline = timeline;
    }

    void mount(RouteTable mounting) {
        mounting.at(
                DRAIN,
                new MethodRouter()
                        .reads(GET, drain::show)
                        .changes(POST, drain::start)
                        .changes(DELETE, drain::undo));
        // A GET, because a kubelet can send nothing else; a change all the same.
        mounting.at(PRE_STOP, new MethodRouter().changes(GET, preStop));
        mounting.at(IN_FLIGHT, new MethodRouter().reads(GET, inFlight));
        mounting.at(TIMELINE, new MethodRouter().reads(GET, timeline));
    }
}
