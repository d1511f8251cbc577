package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
    private static final String KEY = "lastcall.management.token";
    private static final String SECRET = "s3cret:with=signs";

    private final Token token = new Token(SECRET);

    @ParameterizedTest
    @CsvSource({
        "Bearer s3cret:with=signs, true",
        "bearer   s3cret:with=signs, true",
        "Bearer s3cret:with=sign, false",
        "Bearer s3cret:with=signs2, false",
        "Bearer S3CRET:WITH=SIGNS, false",
        "Bearer, false",
        "'Bearer ', false",
        "s3cret:with=signs, false",
        "Digest s3cret:with=signs, false",
        "Basic s3cret:with=signs, false",
        "Basic !!!!, false",
        "'', false",
        ", false"
    })
    void onlyTheWholeTokenUnderItsSchemeMatches(String authorization, boolean matches) {
        assertThat(token.isIn(authorization)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "anyone:s3cret:with=signs, true",
        ":s3cret:with=signs, true",
        "s3cret:with=signs, false",
        "anyone:other, false",
        "anyone:, false",
        "no-colon, false"
    })
    void passwordOfBasicIsTheTokenWhateverTheUser(String pair, boolean matches) {
        String credentials = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));

        assertThat(token.isIn("Basic " + credentials)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "tab\t", "é"})
    void tokenThatNoHeaderCanCarryFailsTheStartWithoutBeingPrinted(String bad) {
        var refusal = assertThatThrownBy(() -> new Token(bad))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("lastcall.management.token: ")
                .hasMessageContaining("(expected: ");
        if (!bad.isBlank()) {
            refusal.hasMessageNotContaining(bad);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "${missing:}"})
    void emptyValueIsNotTakenForAMissingOne(String empty) {
        assertThatThrownBy(() -> configured(KEY, empty)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void tokenIsWantedWhereOneIsConfigured() {
        assertThat(configured(KEY, "abc").token()).hasValueSatisfying(wanted -> assertThat(wanted.isIn("Bearer abc"))
                .isTrue());
        assertThat(configured("unrelated", "abc").token()).isEmpty();
    }

    private static Protection configured(String key, String value) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(ManagementConfig.class)
                .addDefaultInterceptors()
                .withDefaultValue(key, value)
                .build();
        return new Protection(config.getConfigMapping(ManagementConfig.class), config);
    }
}
