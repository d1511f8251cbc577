package dev.lastcall.drain;

import static dev.lastcall.drain.DrainState.DRAINED;
import static dev.lastcall.drain.DrainState.LAME_DUCK;
import static dev.lastcall.drain.DrainState.SERVING;
import static dev.lastcall.drain.Trigger.OPERATOR;
import static dev.lastcall.drain.Trigger.SIGTERM;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietTest {
    @Test
    void withoutTrafficTheLameDuckLastsItsMax() {
        new DrainFixture()
                .begin(SIGTERM)
                .justBefore(10)
                .expect(LAME_DUCK)
                .at(10)
                .expect(DRAINED);
    }

    @ParameterizedTest
    @CsvSource({"4,10", "5,2"})
    void fewerThanFiveRequestsAreTooFewForASilenceToMeanAnything(int requests, double end) {
        DrainFixture fixture = new DrainFixture().requests(requests, 1);
        fixture.begin(SIGTERM).justBefore(end).expect(LAME_DUCK).at(end).expect(DRAINED);
    }

    @Test
    void requestsFromBeforeTheLastMinuteAreForgotten() {
        DrainFixture fixture = new DrainFixture().requests(100, 10);
        fixture.at(70.5).begin(SIGTERM).justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
    }

    @Test
    void requestsOfTheLastMinuteAreRemembered() {
        DrainFixture fixture = new DrainFixture().at(1).requests(100, 1);
        // 100 in 60 s: a mean gap of 0.6 s.
        fixture.at(60.9).begin(SIGTERM).justBefore(3).expect(LAME_DUCK).at(3).expect(DRAINED);
    }

    @Test
    void aSlotOfTheMinuteIsUsedAgain() {
        DrainFixture fixture = new DrainFixture().requests(1000, 10);
        fixture.at(64).requests(100, 1).at(125).begin(SIGTERM);
        fixture.justBefore(10).expect(LAME_DUCK);
    }

    @Test
    void probesOnlyAreNoTraffic() {
        DrainFixture fixture = new DrainFixture();
        for (int second = 1; second <= 60; second++) {
            fixture.at(second);
            assertThat(fixture.admits()).isTrue();
        }
        fixture.begin(SIGTERM).justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
        assertThat(fixture.inFlight.totals().served()).isEqualTo(60);
    }

    @Test
    void probesDoNotKeepTheLameDuckAlive() {
        DrainFixture fixture = new DrainFixture().requests(600, 60).begin(SIGTERM);
        fixture.at(1.9);
        assertThat(fixture.admits()).isTrue();
        fixture.at(2).expect(DRAINED);
    }

    @Test
    void fiveMeanGapsAreWaitedForWhereTheyAreLongerThanTheQuietPeriod() {
        // One a second for a minute.
        DrainFixture fixture = new DrainFixture().requests(60, 60);
        fixture.begin(SIGTERM).justBefore(5).expect(LAME_DUCK).at(5).expect(DRAINED);
    }

    @Test
    void theQuietPeriodIsWaitedForWhereItIsLongerThanFiveMeanGaps() {
        DrainFixture fixture = new DrainFixture(new SettingsBuilder().quietPeriod("PT4S")).requests(600, 60);
        fixture.begin(SIGTERM).justBefore(4).expect(LAME_DUCK).at(4).expect(DRAINED);
    }

    @Test
    void theMeanGapIsThatOfTheTimeServedWhereItIsShorterThanAMinute() {
        // Ten in 6 s: five gaps are 3 s. Over a whole minute they would be 30 s.
        DrainFixture fixture = new DrainFixture().requests(10, 6);
        fixture.begin(SIGTERM).justBefore(3).expect(LAME_DUCK).at(3).expect(DRAINED);
    }

    @Test
    void aRequestInTheLameDuckStartsTheSilenceAnew() {
        DrainFixture fixture = new DrainFixture().requests(600, 60).begin(SIGTERM);
        fixture.at(1.5).request().at(2.4).request();
        fixture.justBefore(3.4).expect(LAME_DUCK).at(3.4).expect(DRAINED);
    }

    @Test
    void requestsExtendTheLameDuckUpToItsMax() {
        DrainFixture fixture = new DrainFixture().requests(600, 60).begin(SIGTERM);
        fixture.requests(19, 9.5);
        fixture.justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
    }

    @Test
    void anOperatorsLameDuckLastsAsLongAsRequestsCome() {
        DrainFixture fixture = new DrainFixture().requests(600, 60).begin(OPERATOR);
        fixture.requests(60, 30);
        fixture.justBefore(31).expect(LAME_DUCK).at(31).expect(DRAINED);
    }

    @Test
    void anOperatorsLameDuckWaitsForMaxOfSilenceWhereTrafficIsSparse() {
        DrainFixture fixture = new DrainFixture().begin(OPERATOR).at(9).request();
        fixture.justBefore(19).expect(LAME_DUCK).at(19).expect(DRAINED);
    }

    @Test
    void aTerminationTriggerBoundsAnOperatorsLameDuck() {
        DrainFixture fixture =
                new DrainFixture().requests(600, 60).begin(OPERATOR).requests(10, 8);
        fixture.trigger(SIGTERM)
                .requests(4, 1.9)
                .justBefore(10)
                .expect(LAME_DUCK)
                .at(10)
                .expect(DRAINED);
    }

    @Test
    void aTerminationTriggerEndsAnOperatorsLameDuckThatIsOlderThanMax() {
        DrainFixture fixture =
                new DrainFixture().requests(600, 60).begin(OPERATOR).requests(60, 30);
        fixture.expect(LAME_DUCK).trigger(SIGTERM).expect(DRAINED);
    }

    @Test
    void theMeanGapIsThatOfThisServingNotOfTheOneBeforeAnUndrain() {
        DrainFixture fixture = new DrainFixture().requests(50, 50).begin(OPERATOR);
        fixture.drain.undrain();
        fixture.expect(SERVING).requests(5, 5).begin(SIGTERM);
        fixture.justBefore(5).expect(LAME_DUCK).at(5).expect(DRAINED);
    }

    @Test
    void trafficBeforeAnUndrainDoesNotCountForQuiet() {
        DrainFixture fixture =
                new DrainFixture().requests(600, 50).begin(OPERATOR).requests(600, 5);
        fixture.drain.undrain();
        fixture.at(6).begin(SIGTERM).justBefore(10).expect(LAME_DUCK).at(10).expect(DRAINED);
    }

    @Test
    void aLameDuckOfNoLengthIsOverAtOnce() {
        var none = new SettingsBuilder().min("PT0S").quietPeriod("PT0S").max("PT0S");
        new DrainFixture(none).begin(SIGTERM).expect(DRAINED);
    }

    @ParameterizedTest
    @CsvSource({"kube-probe/1.31,false", "curl/8.5,true", "my kube-probe,true", "kube-prob,true"})
    void aUserAgentIsIgnoredByItsStart(String userAgent, boolean resets) {
        assertThat(DrainSettings.defaults().lameDuck().resetsQuiet(userAgent)).isEqualTo(resets);
    }

    @Test
    void aRequestWithoutUserAgentShowsThatClientsStillCome() {
        assertThat(DrainSettings.defaults().lameDuck().resetsQuiet(null)).isTrue();
    }

    @Test
    void theProbesAndScrapersOfTheDefaultsAreIgnored() {
        List<String> probes = List.of("kube-probe", "ELB-HealthChecker", "GoogleHC", "Envoy/HC", "Prometheus");
        assertThat(DrainSettings.defaults().lameDuck().quietIgnores()).isEqualTo(probes);
    }
}
