package dev.lastcall.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void hostsAreNamesAndAddresses() {
        assertThat(HostPort.parse("k", "0.0.0.0:8080")).isEqualTo(new HostPort("0.0.0.0", 8080));
        assertThat(HostPort.parse("k", "[::1]:0"))
                .isEqualTo(new HostPort("::1", 0))
                .hasToString("[::1]:0");
        assertThat(HostPort.parseUrl("k", "http://app:8000/")).hasToString("app:8000");
        assertThat(HostPort.parseUrl("k", "http://my_app:80")).isEqualTo(new HostPort("my_app", 80));
        assertThat(HostPort.parseUrl("k", "http://app")).isEqualTo(new HostPort("app", 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", "host", "host:", "host:x", "host:70000", "a b:1", "http://host:1"})
    void anythingElseFailsWithItsKey(String value) {
        assertThatThrownBy(() -> HostPort.parse("lastcall.proxy.listen", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lastcall.proxy.listen: " + value + " (expected: host:port)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app:8000",
                "ftp://app",
                "http://",
                "https://",
                "http://app/path",
                "http://u@app",
                "http://app?x"
            })
    void urlsAreHttpAndHaveNoPath(String value) {
        assertThatThrownBy(() -> HostPort.parseUrl("lastcall.proxy.upstream", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lastcall.proxy.upstream: " + value + " (expected: http://host:port)");
    }
}
