package dev.lastcall.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasoningOriginTest {
    @Test
    void isReadAsItWasWritten() {
        ReasoningOrigin origin = new ReasoningOrigin("openai", "reasoning", null);
        assertThat(ReasoningOrigin.decode(origin.encode())).isEqualTo(origin);
    }

    /** Clients send it, and could write any member of the message by it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lastcall\":1,\"upstream\":\"openai\",\"field\":\"role\"}",
                "{\"lastcall\":1,\"upstream\":\"openai\"}",
                "{\"lastcall\":1,\"field\":\"reasoning\"}",
                "{\"lastcall\":1,\"upstream\":\"openai\",\"field\":\"reasoning\",\"details\":7}",
                "[]"
            })
    void anythingElseIsUnknown(String json) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThat(ReasoningOrigin.decode(encoded)).isNull();
    }
}
