package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaRangesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | false",
                "*/* | false",
                "text/html,application/xhtml+xml,*/*;q=0.8 | false",
                "application/openmetrics-text | false",
                "application/openmetrics-text;version=0.0.1 | false",
                "application/openmetrics-text;version=1.0.0;charset=utf-8 | true",
                "application/openmetrics-text; version=1.0.0 | true",
                "APPLICATION/OpenMetrics-Text; Version=\"1.0.0\" | true",
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | true",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.9 | false",
                "application/openmetrics-text;version=1.0.0;q=0 | false",
                "application/openmetrics-text;version=1.0.0;q=x | false",
                ";;,=,;q | false"
            })
    void openMetricsIsForThoseWhoAskForItsVersion(String accept, boolean open) {
        assertThat(MediaRanges.of(List.of(accept)).prefersOpenMetrics()).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | false",
                "gzip | true",
                "deflate, GZIP;q=0.5 | true",
                "gzip;q=0, * | false",
                "* | true",
                "identity | false",
                "*;q=0 | false"
            })
    void codingIsTakenByItsNameElseByTheStar(String encodings, boolean gzip) {
        assertThat(MediaRanges.of(List.of(encodings)).takes("gzip")).isEqualTo(gzip);
    }
}
