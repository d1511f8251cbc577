package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.testing.ApiDocument;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlAsJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{a: on, b: no, c: ~}     | {\"a\":\"on\",\"b\":\"no\",\"c\":\"~\"}",
                "{a: 2026-01-02, b: 1:30} | {\"a\":\"2026-01-02\",\"b\":\"1:30\"}",
                "{a: true, b: null}       | {\"a\":true,\"b\":null}",
                "{a: -1, b: 0.5, c: 010}  | {\"a\":-1,\"b\":0.5,\"c\":\"010\"}",
                "{\"200\": [1, '2']}      | {\"200\":[1,\"2\"]}",
            })
    void scalarsAreThoseOfJson(String yaml, String json) {
        assertThat(YamlAsJson.of(yaml)).hasToString(json);
    }

    @Test
    void clientsDocumentIsTheSameInBothForms() throws Exception {
        String yaml = Files.readString(ApiDocument.CLIENTS);

        assertThat(new ObjectMapper().readTree(YamlAsJson.of(yaml).getBytes())).isEqualTo(ApiDocument.parse(yaml));
    }
}
