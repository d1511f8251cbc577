package dev.lastcall.agent;

import dev.lastcall.problem.Problem;
import dev.lastcall.run.ClientDelivery;
import dev.lastcall.run.EndReason;
import dev.lastcall.run.Run;
import dev.lastcall.run.RunEvent;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A whole run as one answer. */
final class Transcript {
    private final StringBuilder output = new StringBuilder();
    private long tokens;
    private RunEvent.@Nullable End end;

    private Transcript() {}

    /**
     * Completes when the run has ended, or its pod must.
     *
     * @param sendingAway notes that the client will send the same request again; null: it follows redirects, and is sent to the run
     */
    static CompletionStage<Response> of(Run run, @Nullable Supplier<CompletionStage<Void>> sendingAway) {
        Transcript transcript = new Transcript();
        return ClientDelivery.start(run, transcript::note)
                .ended()
                .thenCompose(done -> transcript.response(run.id().toString(), sendingAway));
    }

    private CompletionStage<Void> note(RunEvent event) {
        if (event instanceof RunEvent.Token token) {
            output.append(token.text());
            tokens++;
        } else if (event instanceof RunEvent.End last) {
            end = last;
        }
        return CompletableFuture.completedStage(null);
    }

    private CompletionStage<Response> response(String run, @Nullable Supplier<CompletionStage<Void>> sendingAway) {
        EndReason reason = end == null ? EndReason.CANCELLED : end.reason();
        boolean goesOn = reason == EndReason.SHUTDOWN && end != null && end.resume() != null;
        if (goesOn && sendingAway != null) {
            // Where it cannot be noted, the same input begins another run.
            return sendingAway.get().handle((noted, failure) -> again(run));
        }
        return CompletableFuture.completedFuture(response(run, reason, goesOn));
    }

    private Response response(String run, EndReason reason, boolean goesOn) {
        return switch (reason) {
            case COMPLETED ->
                Response.ok(completed(run).encode(), MediaType.APPLICATION_JSON).build();
            case FAILED -> problem(502, detail(), run);
            // Where the client left nobody reads it.
            case CANCELLED -> problem(409, "the run was cancelled; send the input again", run);
            case SHUTDOWN -> goesOn ? elsewhere(run) : interrupted(run);
        };
    }

    private String detail() {
        String detail = end == null ? null : end.detail();
        return detail == null ? "the model failed; send the input again" : detail;
    }

    private static Response problem(int status, String detail, String run) {
        return AgentProblem.response(Problem.of(status, detail).with("run", run))
                .build();
    }

    /** A 503 would make a second run of it. */
    private static Response elsewhere(String run) {
        // As a string: a URI would be resolved against the request, which the thread that brings the end knows nothing
        // of.
        return Response.status(Response.Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, "/agent/runs/" + run + "?wait=true")
                .header("x-run-id", run)
                .build();
    }

    private static Response again(String run) {
        String detail =
                "the pod ended before the run did, and another one goes on with the run; send the same request again";
        return AgentProblem.response(Problem.of(503, detail).with("run", run).retryable(true))
                .header("x-run-id", run)
                .build();
    }

    private JsonObject completed(String run) {
        return new JsonObject().put("run", run).put("output", output.toString()).put("tokens", tokens);
    }

    private static Response interrupted(String run) {
        String detail =
                "the pod ended before the run did, and without a run store no other pod can finish it; send the input again";
        return AgentProblem.response(Problem.of(503, detail).with("run", run).retryable(true))
                .build();
    }
}
