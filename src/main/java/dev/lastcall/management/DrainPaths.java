package dev.lastcall.management;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import jakarta.inject.Singleton;

/** What may be asked of this pod's drain. */
@Singleton
final class DrainPaths {
    static final String DRAIN = "/drain";
    static final String PRE_STOP = "/drain/pre-stop";
    static final String IN_FLIGHT = "/drain/in-flight";
    static final String TIMELINE = "/drain/timeline";

    private final DrainVerbs drain;
    private final PreStop preStop;
    private final InFlightList inFlight;
    private final TimelineStream timeline;

    DrainPaths(DrainVerbs drain, PreStop preStop, InFlightList inFlight, TimelineStream timeline) {
        this.drain = drain;
        this.preStop = preStop;
        this.inFlight = inFlight;
        this.timeline = timeline;
    }

    void mount(Mounting mounting) {
        mounting.at(
                DRAIN,
                new Verbs().reads(GET, drain::show).changes(POST, drain::start).changes(DELETE, drain::undo));
        // A GET, because a kubelet can send nothing else; a change all the same.
        mounting.at(PRE_STOP, new Verbs().changes(GET, preStop));
        mounting.at(IN_FLIGHT, new Verbs().reads(GET, inFlight));
        mounting.at(TIMELINE, new Verbs().reads(GET, timeline));
    }
}
