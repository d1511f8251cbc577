package com.example.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.lastcall.drain.DrainControl;
import dev.lastcall.drain.DrainState;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** In a test the drain is there to be injected, and does nothing: no signal is taken, and the end of the test waits for nothing. */
@QuarkusTest
class OrdersTest {
    @TestHTTPResource("report?chapters=1")
    URI report;

    @Inject
    DrainControl drain;

    @Test
    void reportIsWritten() throws Exception {
        var answer =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(report).build(), BodyHandlers.ofString());
        assertEquals("chapters=1 cancelled=false gone=false", answer.body());
        assertEquals(DrainState.SERVING, drain.state());
    }

    @Test
    void signalsAreNotTaken() {
        Signal hangUp = new Signal("HUP");
        SignalHandler known = Signal.handle(hangUp, SignalHandler.SIG_DFL);
        Signal.handle(hangUp, known);
        assertFalse(Proxy.isProxyClass(known.getClass()));
    }
}
