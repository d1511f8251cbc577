package dev.lastcall.agent;

import dev.lastcall.problem.Problem;
import jakarta.ws.rs.core.Response;

/** A problem as a response of REST. */
final class AgentProblem {
    private AgentProblem() {}

    static Response.ResponseBuilder response(Problem problem) {
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem.encode());
        problem.headers().forEach(response::header);
        return response;
    }
}
