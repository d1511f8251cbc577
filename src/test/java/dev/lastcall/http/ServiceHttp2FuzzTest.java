package dev.lastcall.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Http2Script;
import dev.lastcall.fuzz.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Connections of HTTP/2 to the service over a socket: no failure of ours in an answer, none that stays counted. */
class ServiceHttp2FuzzTest {
    @SuppressWarnings("NullAway.Init")
    private static ServiceSeat seat;

    @BeforeAll
    static void start() {
        seat = new ServiceSeat();
    }

    @AfterAll
    static void stop() {
        seat.assertServes();
        seat.close();
    }

    @FuzzTest
    void connectionIsAnsweredAndForgotten(byte[] input) {
        Http2Script.check(Patience.within(input, () -> seat.talk(Http2Script.bytes(input))));
    }
}
