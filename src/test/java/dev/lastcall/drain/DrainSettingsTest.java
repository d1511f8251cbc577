package dev.lastcall.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DrainSettingsTest {
    private static final Map<String, BiFunction<SettingsBuilder, String, SettingsBuilder>> KEYS = Map.of(
            "exit-margin", SettingsBuilder::exitMargin,
            "cancel-reserve", SettingsBuilder::cancelReserve,
            "release-reserve", SettingsBuilder::releaseReserve,
            "stream-patience", SettingsBuilder::streamPatience,
            "lame-duck.min", SettingsBuilder::min,
            "lame-duck.quiet-period", SettingsBuilder::quietPeriod,
            "lame-duck.max", SettingsBuilder::max,
            "grace-period", SettingsBuilder::gracePeriod);

    static Stream<Arguments> keys() {
        return KEYS.entrySet().stream().map(key -> Arguments.of(key.getKey(), key.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void aNegativeDurationIsRefused(String key, BiFunction<SettingsBuilder, String, SettingsBuilder> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> change.apply(new SettingsBuilder(), "PT-0.001S").settings())
                .withMessage(key + ": -1ms (expected: a duration >= 0s)");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("keys")
    void aDurationOfMoreThanAYearIsRefused(String key, BiFunction<SettingsBuilder, String, SettingsBuilder> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        change.apply(new SettingsBuilder(), "PT8760H0.001S").settings())
                .withMessage(key + ": 31536000001ms (expected: a duration <= 365d)");
    }

    @Test
    void theLongestDurationsFitTheClock() {
        SettingsBuilder numbers = new SettingsBuilder().gracePeriod("PT8760H").streamPatience("PT8760H");
        DrainFixture fixture = new DrainFixture(numbers.quietPeriod("PT8760H"));
        fixture.open();
        fixture.begin(Trigger.SIGTERM).at(10).expect(DrainState.DRAINING);
    }

    @Test
    void nothingButTheGracePeriodNeedsALength() {
        SettingsBuilder none = new SettingsBuilder()
                .exitMargin("PT0S")
                .cancelReserve("PT0S")
                .releaseReserve("PT0S")
                .streamPatience("PT0S")
                .min("PT0S")
                .quietPeriod("PT0S")
                .max("PT0S");
        assertThatCode(none.gracePeriod("PT0.001S")::settings).doesNotThrowAnyException();
        assertThatIllegalArgumentException().isThrownBy(none.gracePeriod("PT0S")::settings);
    }

    @Test
    void aMinimumAboveTheMaximumIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(new SettingsBuilder().min("PT11S")::settings)
                .withMessage("lame-duck.min: 11s (expected: <= lame-duck.max = 10s)");
        assertThatCode(new SettingsBuilder().min("PT10S")::settings).doesNotThrowAnyException();
    }

    @Test
    void aGracePeriodThatDoesNotHoldItsPartsIsRefusedWithTheArithmetic() {
        assertThatIllegalArgumentException()
                .isThrownBy(new SettingsBuilder().gracePeriod("PT18S")::settings)
                .withMessage(
                        "grace-period: 18s (expected: > lame-duck.max + cancel-reserve + release-reserve + exit-margin"
                                + " = 10s + 3s + 4s + 1s = 18s); raise it, or lower one of the others");
        assertThatCode(new SettingsBuilder().gracePeriod("PT18.001S")::settings).doesNotThrowAnyException();
    }

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        DrainSettings defaults = DrainSettings.defaults();
        assertThat(defaults.gracePeriod()).isEqualTo(Duration.ofSeconds(30));
        assertThat(defaults.exitMargin()).isEqualTo(Duration.ofSeconds(1));
        assertThat(defaults.keepReady()).isFalse();
        assertThat(defaults.lameDuck().min()).isEqualTo(Duration.ofSeconds(2));
        assertThat(defaults.lameDuck().quietPeriod()).isEqualTo(Duration.ofSeconds(1));
        assertThat(defaults.lameDuck().max()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.streamPatience()).isNull();
        assertThat(defaults.cancelReserve()).isEqualTo(Duration.ofSeconds(3));
        assertThat(defaults.releaseReserve()).isEqualTo(Duration.ofSeconds(4));
        assertThat(defaults.serveAfterLameDuck()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"PT4S,PT1.5S", "PT1.5S,PT1.5S", "PT1.499S,PT1.499S", "PT0S,PT0S"})
    void releasingGetsOneAndAHalfSecondsAtLeastOrItsWholeReserve(String reserve, Duration minimum) {
        assertThat(new SettingsBuilder().releaseReserve(reserve).settings().releaseMinimum())
                .isEqualTo(minimum);
    }
}
