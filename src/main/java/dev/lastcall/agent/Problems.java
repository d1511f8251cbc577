package dev.lastcall.agent;

import dev.lastcall.http.ClientGone;
import dev.lastcall.problem.Problem;
import dev.lastcall.run.LogUnreachable;
import dev.lastcall.run.TooManyRuns;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps failures of a request to problem answers, which say what to do next and never show a stack trace. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    Response badInput(BadInput bad) {
        return AgentProblem.response(Problem.of(bad.status(), bad.detail())).build();
    }

    @ServerExceptionMapper
    Response unreachable(LogUnreachable failure) {
        LOG.warn("the run log cannot be reached", failure);
        Problem problem = Problem.of(503, "the run log cannot be reached; send the request again")
                .retryable(true);
        return AgentProblem.response(problem).build();
    }

    @ServerExceptionMapper
    Response tooMany(TooManyRuns limit) {
        return AgentProblem.response(Problem.of(429, limit.detail()).retryable(true))
                .build();
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException refusal, UriInfo uri) {
        String path = uri.getPath();
        String method = path.contains("/runs/") && !path.endsWith("/cancel") ? HttpMethod.GET : HttpMethod.POST;
        Response.ResponseBuilder problem =
                AgentProblem.response(Problem.of(refusal.getResponse().getStatus(), detail(refusal, method)));
        if (refusal instanceof NotAllowedException) {
            // RFC 9110, 15.5.6: a 405 names the methods.
            problem.header(HttpHeaders.ALLOW, method);
        } else if (refusal instanceof NotAuthorizedException) {
            // RFC 9110, 15.5.2: a 401 names the scheme.
            problem.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        return problem.build();
    }

    private static String detail(WebApplicationException refusal, String method) {
        if (refusal instanceof NotFoundException) {
            String detail = refusal.getMessage();
            return detail != null && detail.startsWith("id: ") ? detail : UnknownPath.DETAIL;
        }
        if (refusal instanceof NotAllowedException) {
            return "method: not for this path (expected: " + method + "); send a " + method;
        }
        if (refusal instanceof NotAuthorizedException) {
            return "authorization: none of ours (expected: Bearer and an API key); send your key";
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
    Response failed(Throwable failure, RoutingContext exchange) {
        if (!exchange.response().closed() || !ClientGone.logged(LOG, failure)) {
            LOG.error("request failed", failure);
        }
        return AgentProblem.response(Problem.of(500, "the service failed; its log says why; send the request again"))
                .build();
    }
}
