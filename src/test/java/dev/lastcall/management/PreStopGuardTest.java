package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Trigger;
import dev.lastcall.management.ManagementConfig.PreStopHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page with an image whose address is the preStop's drains no pod. */
class PreStopGuardTest {
    private static final String PATH = "/drain/pre-stop";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept          | image/avif,image/webp,image/apng,*/*;q=0.8",
                "Accept          | text/html,application/xhtml+xml",
                "accept          | Image/*",
                "Accept          | text/css,*/*;q=0.1",
                "Accept-Language | de-DE,de;q=0.9",
                "Referer         | http://intranet.example/page",
                "User-Agent      | Mozilla/5.0 (X11; Linux x86_64)",
                "Cookie          | a=b",
                "Sec-CH-UA       | x",
                "Upgrade-Insecure-Requests | 1"
            })
    void callThatLooksLikeABrowsersNeedsTheHeader(String name, String value) throws Exception {
        try (Port port = new Port()) {
            for (String method : new String[] {"GET", "HEAD"}) {
                var refused = port.send(method, PATH, name, value);

                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
            }
            assertThat(Port.json(port.send("GET", PATH, name, value)).getString("type"))
                    .isEqualTo("urn:lastcall:problem:pre-stop-header-required");
            drained(port);
            assertThat(port.send("GET", PATH, name, value, "X-Lastcall-Pre-Stop", "1")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-lifecycle/1.36", "curl/8.5.0", "Wget/1.21"})
    void callOfAProgramIsServedWithoutTheHeader(String agent) throws Exception {
        try (Port port = new Port()) {
            drained(port);
            assertThat(port.send("GET", PATH, "User-Agent", agent, "Accept", "*/*")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(PreStopHeader.class)
    void keyDecidesWhatBecomesOfAProgramWithoutTheHeader(PreStopHeader demand) throws Exception {
        try (Port port = new Port(demand)) {
            drained(port);
            assertThat(port.send("GET", PATH).statusCode()).isEqualTo(demand == PreStopHeader.REQUIRED ? 403 : 200);
            assertThat(port.send("GET", PATH, "x-lastcall-pre-stop", "1").statusCode())
                    .isEqualTo(200);
            assertThat(port.send("GET", PATH, "User-Agent", "Mozilla/5.0").statusCode())
                    .isEqualTo(demand == PreStopHeader.IGNORED ? 200 : 403);
        }
    }

    @ParameterizedTest
    @EnumSource(PreStopHeader.class)
    void headerDoesNotReplaceTheOriginOfAPage(PreStopHeader demand) throws Exception {
        try (Port port = new Port(demand)) {
            assertThat(port.send("GET", PATH, "Origin", "http://evil.example", "X-Lastcall-Pre-Stop", "1")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(port.drain.state()).isEqualTo(DrainState.SERVING);
        }
    }

    private static void drained(Port port) {
        port.drain.trigger(Trigger.OPERATOR);
        port.time.advance(ofSeconds(10));
        assertThat(port.drain.state()).isEqualTo(DrainState.DRAINED);
    }
}
