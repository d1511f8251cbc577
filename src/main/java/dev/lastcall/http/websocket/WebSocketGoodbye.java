package dev.lastcall.http.websocket;

import dev.lastcall.drain.Entry;
import dev.lastcall.http.CurrentExchange;
import dev.lastcall.http.Exchange;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.quarkus.websockets.next.Open;
import io.quarkus.websockets.next.UserData.TypedKey;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Ends WebSockets that are told to: close 1012 (service restart) with a JSON reason, and the connection itself where the client has not
 * answered a second later.
 */
@Singleton
public final class WebSocketGoodbye implements HttpUpgradeCheck {
    /** "Service Restart", registered with IANA for RFC 6455, 7.4. */
    private static final int SERVICE_RESTART = 1012;
    /** At most 123 bytes: a control frame holds 125, two of them are the code. */
    private static final String REASON = "{\"reason\":\"shutdown\",\"retryable\":true}";

    private static final long ANSWER_MS = 1000;
    private static final TypedKey<Exchange> EXCHANGE = new TypedKey<>("lastcall.exchange");
    private static final Logger LOG = Logger.getLogger(WebSocketGoodbye.class);

    private final Vertx vertx;

    WebSocketGoodbye(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Hands the exchange over to the connection that the upgrade makes; refuses nothing. */
    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext context) {
        Exchange exchange = CurrentExchange.of(context.httpRequest());
        if (exchange != null) {
            context.userData().put(EXCHANGE, exchange);
        }
        WebSocketFaults.answer(context.httpRequest());
        return CheckResult.permitUpgrade();
    }

    void opened(@ObservesAsync @Open WebSocketConnection connection) {
        Exchange exchange = connection.userData().get(EXCHANGE);
        if (exchange != null) {
            Entry entry = exchange.entry();
            entry.onCancelled(() -> say(connection, exchange));
        }
    }

    private void say(WebSocketConnection connection, Exchange exchange) {
        if (exchange.entry().clientGone() || connection.isClosed()) {
            return;
        }
        connection
                .close(new CloseReason(SERVICE_RESTART, REASON))
                .subscribe()
                .with(
                        said -> {},
                        failure -> LOG.debugf(failure, "close frame not sent: connection=%s", connection.id()));
        vertx.setTimer(ANSWER_MS, timer -> exchange.closeByForce());
    }
}
