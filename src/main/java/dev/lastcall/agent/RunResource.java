package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.Redirects;
import dev.lastcall.run.RunHead;
import dev.lastcall.run.RunView;
import dev.lastcall.run.Runs;
import dev.lastcall.run.Tenants;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs that there are already, wherever they are executed: as they stand, to the end, event by event, or no further. */
@Path("/agent/runs/{id}")
@Singleton
public class RunResource {
    private static final String NO_RUN = "id: no run of yours has it, or it is kept no longer; begin a new run";

    private final Runs runs;
    private final DrainSignal signal;
    private final Tenants tenants;
    private final AgentConfig config;

    RunResource(Runs runs, DrainSignal signal, Tenants tenants, AgentConfig config) {
        this.runs = runs;
        this.signal = signal;
        this.tenants = tenants;
        this.config = config;
    }

    /** 200 with {@code run}, {@code status}, {@code output} and {@code tokens}; with {@code wait=true} as {@code POST /agent/run} answers. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> run(
            @PathParam("id") String id,
            @QueryParam("wait") @DefaultValue("false") boolean wait,
            @Context RoutingContext exchange) {
        DrainSignal client = signal.current();
        // Whoever follows no redirect asks for the same run again.
        Supplier<CompletionStage<Void>> sendingAway =
                Redirects.areFollowedBy(exchange.request()) ? null : () -> CompletableFuture.completedFuture(null);
        return find(id, exchange)
                .chain(view -> wait
                        ? Uni.createFrom()
                                .completionStage(Transcript.of(runs.follow(view.id(), -1, client), sendingAway))
                        : Uni.createFrom().item(found(view)));
    }

    /**
     * The run's events as {@code POST /agent/stream} sends them; 204 where the client has them all, which ends an EventSource's reconnecting
     * (WHATWG HTML, 9.2.3).
     *
     * @param last the id of the last event that the client has; the larger of both counts
     */
    @GET
    @Path("/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") @Nullable String last,
            @QueryParam("after") @Nullable String after,
            @Context RoutingContext exchange) {
        int from = Math.max(ResumePoint.read("Last-Event-ID", last), ResumePoint.read("after", after));
        DrainSignal client = signal.current();
        String tenant = Caller.of(exchange, tenants);
        UUID run = parse(id);
        return Uni.createFrom()
                .completionStage(() -> runs.head(tenant, run))
                .chain(found -> events(found.orElseThrow(() -> new NotFoundException(NO_RUN)), from, exchange, client));
    }

    private Uni<Void> events(RunHead run, int from, RoutingContext exchange, DrainSignal client) {
        if (from > run.last()) {
            throw BadInput.malformed("after: " + from + " (expected: the id of an event of this run, at most "
                    + run.last() + "); send the id of the last event that you have");
        }
        if (from == run.last() && run.status().isTerminal()) {
            return Uni.createFrom().voidItem();
        }
        RunEventStream stream = new RunEventStream(exchange, config.keepAlive());
        return Uni.createFrom().completionStage(() -> stream.send(runs.follow(run.id(), from, client)));
    }

    /** 200 with the run as it is then, however often. */
    @POST
    @Path("/cancel")
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> cancel(@PathParam("id") String id, @Context RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        UUID run = parse(id);
        return Uni.createFrom().completionStage(() -> runs.cancel(tenant, run)).map(view -> found(present(view)));
    }

    private Uni<RunView> find(String id, RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        UUID run = parse(id);
        return Uni.createFrom().completionStage(() -> runs.find(tenant, run)).map(RunResource::present);
    }

    private static RunView present(Optional<RunView> view) {
        return view.orElseThrow(() -> new NotFoundException(NO_RUN));
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new NotFoundException(NO_RUN, e);
        }
    }

    private static Response found(RunView view) {
        String status =
                switch (view.status()) {
                    case HANDOFF -> "running";
                    default -> view.status().name().toLowerCase(Locale.ROOT);
                };
        JsonObject body = new JsonObject()
                .put("run", view.id().toString())
                .put("status", status)
                .put("output", view.output())
                .put("tokens", view.tokens());
        JsonObject error = view.response().getJsonObject("error");
        if (error != null) {
            body.put("detail", error.getString("message"));
        }
        return Response.ok(body.encode(), MediaType.APPLICATION_JSON).build();
    }
}
