package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.Redirects;
import dev.lastcall.http.TraceContext;
import dev.lastcall.run.Run;
import dev.lastcall.run.RunRequest;
import dev.lastcall.run.Runs;
import dev.lastcall.run.StartResult;
import dev.lastcall.run.Tenants;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Begins runs over HTTP: the whole answer at its end, or token by token. */
@Path("/agent")
@Singleton
public class AgentResource {
    private final Inputs inputs;
    private final Runs runs;
    private final DrainSignal signal;
    private final Tenants tenants;
    private final AgentConfig config;

    AgentResource(Inputs inputs, Runs runs, DrainSignal signal, Tenants tenants, AgentConfig config) {
        this.inputs = inputs;
        this.runs = runs;
        this.signal = signal;
        this.tenants = tenants;
        this.config = config;
    }

    /**
     * Answers when the run has ended: 200 with {@code run}, {@code output} and {@code tokens}; 502 where it failed, 409 where it was
     * cancelled. Where the pod has to end first: 303 to the same run, wherever it goes on, or 503, to be sent again, without a run store and to
     * clients that follow no redirect; theirs joins the run.
     */
    @POST
    @Path("/run")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> run(@Context RoutingContext exchange) {
        boolean redirects = Redirects.areFollowedBy(exchange.request());
        JsonObject trace = TraceContext.of(exchange.request().headers());
        String tenant = Caller.of(exchange, tenants);
        DrainSignal client = signal.current();
        return inputs.body(exchange.request())
                .map(inputs::read)
                .chain(input -> Uni.createFrom()
                        .completionStage(
                                () -> begin(asked(tenant, input, client).traced(trace), input, redirects)))
                .chain(begun -> Uni.createFrom()
                        .completionStage(Transcript.of(
                                runs.follow(begun.run(), -1, client),
                                redirects ? null : () -> runs.expectRetry(begun.run()))));
    }

    /** A client that follows no redirect is sent away by a pod that has to end, and does not say that it comes again. */
    private CompletionStage<StartResult> begin(RunRequest asked, String input, boolean redirects) {
        if (redirects || !runs.durable()) {
            return runs.begin(asked);
        }
        RunRequest known = asked.known(InputFingerprint.of(input));
        return runs.expected(known.tenant(), known.hash())
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(new StartResult.Joined(found.get()))
                        : runs.begin(known));
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
        RunEventStream stream = new RunEventStream(exchange, config.keepAlive());
        return begin(exchange).chain(run -> Uni.createFrom().completionStage(stream.send(run)));
    }

    private Uni<Run> begin(RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        DrainSignal client = signal.current();
        JsonObject trace = TraceContext.of(exchange.request().headers());
        return inputs.body(exchange.request())
                .map(inputs::read)
                .chain(input -> Uni.createFrom()
                        .completionStage(
                                () -> runs.begin(asked(tenant, input, client).traced(trace))))
                .map(begun -> runs.follow(begun.run(), -1, client));
    }

    private static RunRequest asked(String tenant, String input, DrainSignal client) {
        return RunRequest.plain(tenant, input).wantedWhile(() -> !client.clientGone());
    }
}
