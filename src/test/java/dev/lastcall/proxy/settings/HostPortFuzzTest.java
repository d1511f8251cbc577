package dev.lastcall.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.config.Form;
import dev.lastcall.fuzz.Patience;
import java.nio.charset.StandardCharsets;

/** Addresses: what the check of the configuration lets pass can be used, and is written as it is read. */
class HostPortFuzzTest {
    @DictionaryEntries({"http://", "h2c://", "[::1]", ":80", ":65535", ":65536", "localhost", "a_b"})
    @FuzzTest
    void acceptedAddressIsReadAndWrittenAlike(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Patience.within(input, () -> {
            check(text);
            return "";
        });
    }

    private static void check(String text) {
        if (Form.UPSTREAM.accepts(text)) {
            HostPort read = HostPort.parseUrl("key", text);
            assertThat(HostPort.parse("key", read.toString())).isEqualTo(read);
        }
        if (Form.LISTEN.accepts(text)) {
            assertThat(HostPort.parse("key", text)).hasToString(text.replaceFirst(":0+(?=[0-9])", ":"));
        }
        if (Form.HTTP_URL.accepts(text)) {
            assertThatCode(() -> java.net.URI.create(text)).doesNotThrowAnyException();
        }
    }
}
