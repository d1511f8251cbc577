package dev.lastcall.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Gives a body to what the main port's router refuses by itself, with a bare status: a path that cannot be decoded. Stateless. */
@Singleton
final class RouterProblems {
    private static final int BAD_REQUEST = 400;

    private final RefusalFormats formats;

    RouterProblems(RefusalFormats formats) {
        this.formats = formats;
    }

    void install(@Observes Router router) {
        router.errorHandler(BAD_REQUEST, this::answer);
    }

    private void answer(RoutingContext routing) {
        HttpServerResponse response = routing.response();
        if (!response.headWritten()) {
            String detail = "request: its path cannot be decoded; percent-encode what is no letter or digit";
            RefusalFormats.Answer answer = formats.of(routing.request().path(), BAD_REQUEST, detail);
            var unused = response.setStatusCode(BAD_REQUEST)
                    .putHeader(HttpHeaders.CONTENT_TYPE, answer.mediaType())
                    .end(answer.body());
        }
    }
}
