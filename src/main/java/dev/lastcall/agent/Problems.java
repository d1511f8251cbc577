package dev.lastcall.agent;

import dev.lastcall.run.BadInput;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What a client reads where a request fails: never a stack trace, always what to do next. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    Response badInput(BadInput bad) {
        return Problem.response(bad.status(), bad.detail()).build();
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException refusal) {
        Response.ResponseBuilder problem =
                Problem.response(refusal.getResponse().getStatus(), detail(refusal));
        return refusal instanceof NotAllowedException
                // RFC 9110, 15.5.6: a 405 names the methods.
                ? problem.header(HttpHeaders.ALLOW, HttpMethod.POST).build()
                : problem.build();
    }

    private static String detail(WebApplicationException refusal) {
        if (refusal instanceof NotFoundException) {
            return UnknownPath.DETAIL;
        }
        if (refusal instanceof NotAllowedException) {
            return "method: not for this path (expected: POST); send a POST";
        }
        if (refusal instanceof NotSupportedException) {
            return "content-type: not understood (expected: application/json); send {\"input\": \"text\"}";
        }
        if (refusal instanceof NotAcceptableException) {
            return "accept: nothing that this path can send (expected: application/json on /agent/run,"
                    + " text/event-stream on /agent/stream); leave the header out";
        }
        return "the request cannot be served; check it against the documentation";
    }

    @ServerExceptionMapper
    Response failed(Throwable failure) {
        LOG.error("request failed", failure);
        return Problem.response(500, "the service failed; its log says why; send the request again")
                .build();
    }
}
