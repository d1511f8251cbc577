package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.http.TraceContext;
import dev.lastcall.run.ModelNames;
import dev.lastcall.run.RunRequest;
import dev.lastcall.run.Runs;
import dev.lastcall.run.StartResult;
import dev.lastcall.run.Tenants;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Chats of a browser, as the AI SDK's {@code useChat} asks for them. An answer goes on without its page, which finds it again by the chat. */
@Path("/agent/chat")
@Singleton
public class UiChatResource {
    private static final Logger LOG = Logger.getLogger(UiChatResource.class);

    private final Inputs inputs;
    private final Runs runs;
    private final DrainSignal signal;
    private final Tenants tenants;
    private final ModelNames names;
    private final AgentConfig config;

    UiChatResource(
            Inputs inputs, Runs runs, DrainSignal signal, Tenants tenants, ModelNames names, AgentConfig config) {
        this.inputs = inputs;
        this.runs = runs;
        this.signal = signal;
        this.tenants = tenants;
        this.names = names;
        this.config = config;
    }

    /** Begins the answer to the last message and streams it. It supersedes an answer of the same chat that is under way. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> chat(@Context RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        DrainSignal client = signal.current();
        JsonObject trace = TraceContext.of(exchange.request().headers());
        return inputs.body(exchange.request())
                .map(UiMessages::read)
                .chain(messages -> Uni.createFrom().completionStage(() -> begin(tenant, messages, trace)))
                .chain(begun -> stream(exchange, begun.run(), client));
    }

    private CompletionStage<StartResult> begin(String tenant, UiMessages messages, JsonObject trace) {
        return runs.begin(request(tenant, messages).traced(trace)).whenComplete((begun, refused) -> {
            if (begun != null) {
                // Not waited for: what the old answer does until it has ended is not the new one's business.
                runs.endSuperseded(tenant, keyOf(messages.chat()))
                        .whenComplete((ended, failure) -> noteUnended(begun, failure));
            }
        });
    }

    private static void noteUnended(StartResult begun, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.warnf(failure, "an older answer of the chat may go on run=%s", begun.run());
        }
    }

    private RunRequest request(String tenant, UiMessages messages) {
        String model = messages.model().isEmpty() ? names.preferred().orElse("") : messages.model();
        if (!names.knows(model)) {
            throw BadInput.malformed("model: '" + model + "' is not served here (expected: one of GET /v1/models)");
        }
        JsonObject request = new JsonObject()
                .put("model", model)
                .put("input", messages.input())
                .put("tools", new JsonArray())
                .put("options", new JsonObject());
        JsonObject echo = model.isEmpty() ? new JsonObject() : new JsonObject().put("model", model);
        return RunRequest.of(tenant, "ui", request, echo).identified(null, keyOf(messages.chat()), 0);
    }

    /** The key by which a run of this chat is found again. */
    private static String keyOf(String chat) {
        return "ui:" + chat;
    }

    /** The answer that is under way, from its beginning; 204 where there is none, which is what {@code useChat({resume: true})} expects. */
    @GET
    @Path("/{id}/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Uni<Void> resume(@PathParam("id") String id, @Context RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        DrainSignal client = signal.current();
        return Uni.createFrom()
                .completionStage(() -> runs.underWay(tenant, keyOf(UiMessages.chat(id))))
                .chain(found -> found.isPresent()
                        ? stream(exchange, found.get(), client)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> stream(RoutingContext exchange, UUID run, DrainSignal client) {
        UiMessageStream stream = new UiMessageStream(exchange, run, config.keepAlive());
        return Uni.createFrom().completionStage(() -> stream.send(runs.tail(run, -1), client));
    }

    /** Ends the answer that is under way: what {@code useChat}'s own stop cannot, because a page that leaves ends nothing. */
    @POST
    @Path("/{id}/stop")
    public Uni<Void> stop(@PathParam("id") String id, @Context RoutingContext exchange) {
        String tenant = Caller.of(exchange, tenants);
        return Uni.createFrom().completionStage(() -> runs.underWay(tenant, keyOf(UiMessages.chat(id)))
                .thenCompose(found -> found.isPresent()
                        ? runs.cancel(tenant, found.get()).thenAccept(ended -> {})
                        : CompletableFuture.<Void>completedFuture(null)));
    }
}
