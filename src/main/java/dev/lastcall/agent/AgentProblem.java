package dev.lastcall.agent;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.core.Response;

/** An error as {@code application/problem+json} (RFC 9457). */
final class AgentProblem {
    static final String MEDIA_TYPE = "application/problem+json";

    private AgentProblem() {}

    /** @param detail what is wrong, what was expected and what to do */
    static JsonObject json(int status, String detail) {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail);
    }

    static Response.ResponseBuilder response(int status, String detail) {
        return response(status, json(status, detail));
    }

    static Response.ResponseBuilder response(int status, JsonObject json) {
        return Response.status(status).type(MEDIA_TYPE).entity(json.encode());
    }
}
