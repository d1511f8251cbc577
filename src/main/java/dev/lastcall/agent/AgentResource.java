package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.run.Inputs;
import dev.lastcall.run.Run;
import dev.lastcall.run.Runs;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Runs over HTTP: the whole answer at its end, or token by token. A run ends with its request, whose signal each request's instance gets. */
@Path("/agent")
@RequestScoped
public class AgentResource {
    private final Inputs inputs;
    private final Runs runs;
    private final DrainSignal signal;

    AgentResource(Inputs inputs, Runs runs, DrainSignal signal) {
        this.inputs = inputs;
        this.runs = runs;
        this.signal = signal;
    }

    /**
     * Answers when the run has ended: 200 with {@code run}, {@code output} and {@code tokens}; 502 where the model failed; 503, to be sent
     * again, where the pod had to end first.
     */
    @POST
    @Path("/run")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> run(@Context RoutingContext exchange) {
        return begin(exchange).chain(run -> Uni.createFrom().completionStage(Transcript.of(run)));
    }

    /**
     * Server-sent events: {@code token}s and exactly one {@code end}. It writes the response itself: what the framework does with a stream
     * sends its 200 before the input was looked at.
     */
    @POST
    @Path("/stream")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> stream(@Context RoutingContext exchange) {
        EventStream stream = new EventStream(exchange.response());
        return begin(exchange).chain(run -> Uni.createFrom().completionStage(stream.send(run)));
    }

    private Uni<Run> begin(RoutingContext exchange) {
        return Body.read(exchange.request(), inputs.maxBody(), inputs::bodyTooLarge)
                .map(body -> runs.begin(inputs.read(body), signal));
    }
}
