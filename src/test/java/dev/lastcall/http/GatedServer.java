package dev.lastcall.http;

import static dev.lastcall.testing.Futures.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import dev.lastcall.http.limits.LimitedTransport;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;

/** A real server behind the real gate, on a drain whose clock only this test moves. */
public final class GatedServer implements AutoCloseable {
    /** The time after which the lame duck ends with the default settings and no traffic to judge by. */
    private static final Duration LAME_DUCK = Duration.ofSeconds(10);
    /** The time after which what is left is cut with the default settings. */
    private static final Duration CUT = Duration.ofSeconds(25);

    public final FakeTime time = new FakeTime();
    public final InFlight inFlight = new InFlight(time);
    final FinalResponses finalResponses = new FinalResponses();
    public final Drain drain;
    private final Vertx vertx;
    private final HttpServer server;

    GatedServer(Handler<RoutingContext> application) {
        this(DrainSettings.defaults(), application);
    }

    public GatedServer(DrainSettings settings, Handler<RoutingContext> application) {
        this(settings, LimitedTransport.vertx(), application);
    }

    /** Closes this Vert.x with the server. */
    public GatedServer(DrainSettings settings, Vertx vertx, Handler<RoutingContext> application) {
        this.vertx = vertx;
        drain = new Drain(settings, time, inFlight);
        HttpGate gate = HttpGate.of(drain, inFlight, finalResponses, settings);
        Router router = Router.router(vertx);
        router.route()
                .handler(
                        new RouterGate(gate, new RefusalFormats(List.of(new Teapot())), new BodyLimit(Long.MAX_VALUE))
                                ::filter);
        router.route().handler(application);
        HttpServerOptions options = new HttpServerOptions()
                .setHandle100ContinueAutomatically(false)
                .setInitialSettings(new Http2Settings().setMaxHeaderListSize(HeadSize.HTTP2_LIST));
        server = await(vertx.createHttpServer(options).requestHandler(router).listen(0, "localhost"));
    }

    public int port() {
        return server.actualPort();
    }

    public Vertx vertx() {
        return vertx;
    }

    void enterLameDuck() {
        drain.trigger(Trigger.SIGTERM);
        time.runPending();
        expect(DrainState.LAME_DUCK);
    }

    /** Advances from SERVING through the whole lame duck. */
    void enterDraining() {
        enterLameDuck();
        time.advance(LAME_DUCK);
    }

    /** To the moment at which what is left is cut, from the beginning of DRAINING. */
    void passTheDeadline() {
        time.advance(CUT.minus(LAME_DUCK));
    }

    private void expect(DrainState state) {
        if (drain.state() != state) {
            throw new AssertionError(drain.state() + " (expected: " + state + ")");
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    /** A seat's own shape of refusals on some paths. */
    private static final class Teapot implements RefusalFormat {
        @Override
        public boolean appliesTo(String path) {
            return path.startsWith("/teapot/");
        }

        @Override
        public String mediaType() {
            return "application/tea";
        }

        @Override
        public String body(int status, String detail) {
            return "tea: " + detail;
        }
    }
}
