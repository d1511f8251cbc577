package dev.lastcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of keys in {@code configuration.md} is made of the mappings' Javadoc. {@code ./mvnw test -Dtest=KeyTableTest -Dlastcall.documents=write}
 * writes it.
 */
class KeyTableTest {
    private static final Path DOCUMENT = Path.of("src", "docs", "configuration.md");
    private static final String BEGIN = "<!-- keys: made of the mappings' Javadoc, see CONTRIBUTING.md -->";
    private static final String END = "<!-- end of keys -->";
    private static final List<String> HEAD = List.of("| key | default | values | effect |", "|---|---|---|---|");

    @Test
    void tableIsThatOfTheMappings() throws IOException {
        List<String> expected =
                Stream.concat(HEAD.stream(), KeyTable.rows().stream()).toList();
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).isGreaterThan(begin);
        if ("write".equals(System.getProperty("lastcall.documents"))) {
            String table = expected.stream().collect(Collectors.joining("\n", "\n\n", "\n\n"));
            text = text.substring(0, begin) + table + text.substring(end);
            Files.writeString(DOCUMENT, text);
            end = text.indexOf(END);
        }
        List<String> written = text.substring(begin, end).strip().lines().toList();
        assertThat(written).as(KeyTable.differences(expected, written)).isEqualTo(expected);
    }
}
