package dev.lastcall.http;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import dev.lastcall.fuzz.Statuses;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Connections of HTTP/1.x to the service over a socket: no failure of ours in an answer, none that stays counted. */
class ServiceHttp1FuzzTest {
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

    @DictionaryEntries({
        "GET / HTTP/1.1\\x0d\\x0aHost: a\\x0d\\x0a\\x0d\\x0a",
        "Content-Length: 5\\x0d\\x0a",
        "Transfer-Encoding: chunked\\x0d\\x0a",
        "Expect: 100-continue\\x0d\\x0a",
        "Upgrade: websocket\\x0d\\x0aConnection: upgrade\\x0d\\x0a",
        "0\\x0d\\x0a\\x0d\\x0a",
        "%00",
        "PRI * HTTP/2.0\\x0d\\x0a\\x0d\\x0aSM\\x0d\\x0a\\x0d\\x0a"
    })
    @FuzzTest
    void connectionIsAnsweredAndForgotten(byte[] input) {
        Statuses.check(Patience.within(input, () -> seat.talk(input)));
    }
}
