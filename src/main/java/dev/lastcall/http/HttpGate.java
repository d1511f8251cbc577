package dev.lastcall.http;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FinalResponses;
import dev.lastcall.drain.InFlight;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;

/** The drain's gate on an HTTP server, whichever server that is. Called on the request's event loop, before anything else sees it. */
@Singleton
public final class HttpGate {
    private final InFlight inFlight;
    private final Connections connections;
    private final CrossOriginRefusal crossOriginRefusal;
    private final DrainSettings.LameDuck lameDuck;

    HttpGate(
            InFlight inFlight, Connections connections, DrainSettings settings, CrossOriginRefusal crossOriginRefusal) {
        this.inFlight = inFlight;
        this.connections = connections;
        this.crossOriginRefusal = crossOriginRefusal;
        lameDuck = settings.lameDuck();
    }

    /** A gate of its own on this drain; the application's is a bean. */
    public static HttpGate of(Drain drain, InFlight inFlight, FinalResponses finalResponses, DrainSettings settings) {
        return new HttpGate(
                inFlight,
                new Connections(drain, inFlight, finalResponses, settings),
                settings,
                CrossOriginRefusal.OF_ALL);
    }

    /** The state of a request's connection, the same for all its requests. */
    public ServedConnection connection(HttpServerRequest request) {
        return ServedConnection.of(request, connections);
    }

    /**
     * Admits and counts the exchange, or refuses it.
     *
     * @return whether the request may be executed; where not, it has been dealt with
     */
    public boolean admit(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        if (!exchange.connection().accepts(request) || !exchange.connection().isOpen()) {
            // Pipelined behind an answer that said "Connection: close", or a stream beyond the last GOAWAY's: the
            // client
            // knows that it was not executed (RFC 9112, 9.6; RFC 9113, 6.8). Or there is no client any more.
            return false;
        }
        // Asked for once: on the router's request each look at them passes a check and a wrapper.
        MultiMap headers = request.headers();
        boolean webSocket = exchange.asksForWebSocket(headers);
        boolean resetsQuiet = lameDuck.resetsQuiet(headers.get(HttpHeaders.USER_AGENT));
        Admission admission =
                inFlight.admit(exchange, webSocket ? EntryClass.WEBSOCKET : EntryClass.UNARY, resetsQuiet);
        if (!(admission instanceof Entry entry)) {
            crossOriginRefusal.allow(request);
            exchange.refuse();
            exchange.connection().refused(request);
            return false;
        }
        exchange.admitted(entry);
        if (webSocket) {
            exchange.mayUpgrade();
        }
        exchange.invite(headers);
        return true;
    }
}
