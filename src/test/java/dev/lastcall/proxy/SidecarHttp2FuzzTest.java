package dev.lastcall.proxy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Http2Script;
import dev.lastcall.fuzz.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Connections of HTTP/2 to the sidecar over a socket: no failure of ours in an answer, none that stays counted. */
class SidecarHttp2FuzzTest {
    @SuppressWarnings("NullAway.Init")
    private static SidecarUnderFuzz seat;

    @BeforeAll
    static void start() {
        seat = new SidecarUnderFuzz();
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
