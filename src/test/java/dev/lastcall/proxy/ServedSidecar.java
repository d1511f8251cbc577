package dev.lastcall.proxy;

import static dev.lastcall.testing.Futures.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Trigger;
import dev.lastcall.http.HttpGate;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.client.ClientLimits;
import dev.lastcall.proxy.client.ProxyTransport;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.settings.ProxyTls;
import dev.lastcall.proxy.settings.UpstreamProtocol;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A real sidecar before a real port, on a drain whose clock only its test moves. */
public final class ServedSidecar implements AutoCloseable {
    public static final long MAX_BODY = 300L << 20;

    public final FakeTime time = new FakeTime();
    public final InFlight inFlight = new InFlight(time);
    public final Drain drain;
    private final Vertx vertx;
    private final HttpSidecar sidecar;

    public ServedSidecar(int upstream) {
        this(settings(upstream, Duration.ofMinutes(1), null, MAX_BODY));
    }

    ServedSidecar(ProxySettings settings) {
        this(settings, Duration.ofMinutes(1));
    }

    public ServedSidecar(ProxySettings settings, Duration headTimeout) {
        this(settings, new ClientLimits(headTimeout, settings.sendTimeout(), 1 << 20, 2));
    }

    ServedSidecar(ProxySettings settings, ClientLimits limits) {
        vertx = ProxyTransport.vertx(limits);
        DrainSettings numbers = DrainSettings.defaults();
        drain = new Drain(numbers, time, inFlight);
        sidecar = new HttpSidecar(settings, HttpGate.of(drain, inFlight, new FinalResponses(), numbers));
        await(sidecar.start(vertx, 2));
    }

    public static ProxySettings settings(int upstream, Duration idle, @Nullable Duration whole, long maxBody) {
        return new ProxySettings(
                new HostPort("127.0.0.1", 0),
                new HostPort("127.0.0.1", upstream),
                UpstreamProtocol.HTTP1,
                ProxyTls.NONE,
                Duration.ofSeconds(1),
                idle,
                whole,
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                maxBody,
                128);
    }

    /** Before an application on this host and port, spoken to so. */
    static ProxySettings settings(HostPort upstream, UpstreamProtocol protocol, ProxyTls tls) {
        ProxySettings any = settings(upstream.port(), Duration.ofMinutes(1), null, MAX_BODY);
        return new ProxySettings(
                any.listen(),
                upstream,
                protocol,
                tls,
                Duration.ofSeconds(30),
                any.idleTimeout(),
                null,
                any.sendTimeout(),
                any.keepAlive(),
                any.maxBody(),
                any.maxStreams());
    }

    HttpSidecar served() {
        return sidecar;
    }

    public int port() {
        return sidecar.address().port();
    }

    public RawClient client() throws IOException {
        return new RawClient(port());
    }

    Vertx vertx() {
        return vertx;
    }

    void enterLameDuck() {
        drain.trigger(Trigger.SIGTERM);
        time.runPending();
    }

    /** Advances from SERVING through the whole lame duck. */
    void enterDraining() {
        enterLameDuck();
        time.advance(Duration.ofSeconds(10));
    }

    /** Advances from DRAINING to CANCELLING. */
    void enterCancelling() {
        time.advance(Duration.ofSeconds(12));
    }

    /** Advances to the cut. */
    void passTheDeadline() {
        time.advance(DrainSettings.defaults().gracePeriod());
    }

    /** Returns when everything has run that was given to an event loop before. */
    @SuppressWarnings("deprecation")
    void awaitEventLoops() throws InterruptedException {
        for (EventExecutor loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
            loop.submit(() -> {}).sync();
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
