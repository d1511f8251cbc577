package dev.lastcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lastcall.testing.ApiDocument;
import dev.lastcall.testing.ApiDocumentRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenAPI documents as they are in the sources: what is served from them has been read and written again. */
class ApiDocumentsTest {
    private static final Path RESOURCES = Path.of("src", "main", "resources");

    static List<Path> documents() throws IOException {
        try (Stream<Path> resources = Files.walk(RESOURCES)) {
            List<Path> found = new ArrayList<>();
            for (Path file : resources
                    .filter(each -> each.toString().matches(".*\\.(ya?ml|json)"))
                    .toList()) {
                if (Files.readString(file).startsWith("openapi:")) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    @Test
    void theTwoAreFound() throws IOException {
        assertThat(documents()).containsExactlyInAnyOrder(ApiDocument.CLIENTS, ApiDocument.OPERATORS);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void documentIsOpenApi(Path source) throws IOException {
        assertThat(ApiDocumentRules.faultsOf(ApiDocument.read(source).json())).isEmpty();
    }

    /** One member more, in every mapping of both documents that has no names of its own. */
    @ParameterizedTest
    @MethodSource("documents")
    void memberTooManyIsFoundAnywhere(Path source) throws IOException {
        JsonNode document = ApiDocument.read(source).json();
        List<String> unnoticed = new ArrayList<>();
        int tried = spoil(document, document, "$", unnoticed);

        assertThat(tried).isGreaterThan(100);
        assertThat(unnoticed).isEmpty();
    }

    private static int spoil(JsonNode document, JsonNode node, String where, List<String> unnoticed)
            throws IOException {
        int tried = 0;
        if (node instanceof ObjectNode mapping && !where.matches(".*\\.(example|security\\[\\d+])(\\..*)?")) {
            mapping.put("or not", true);
            if (ApiDocumentRules.faultsOf(document).isEmpty()) {
                unnoticed.add(where);
            }
            mapping.remove("or not");
            tried++;
        }
        for (var member : node.properties()) {
            tried += spoil(document, member.getValue(), where + "." + member.getKey(), unnoticed);
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            tried += spoil(document, node.get(i), where + "[" + i + "]", unnoticed);
        }
        return tried;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: \"1\" | version: 1 | $.info.version",
                "operationId: showRun | operationId: runAgent | a second runAgent",
                "schemas/Transcript\" | schemas/Nowhere\" | leads nowhere",
                "/agent/runs/{id}/cancel: | /agent/runs/{run}/cancel: | parameters [id]",
                "A run's id | A run's id, or not | null",
                "tokens: 3} | tokens: many} | .example",
                "type: string, format: uuid | type: strong, format: uuid | does not have a value in the enumeration",
                "\"204\": | \"2004\": | 2004",
            })
    void mistakeIsFound(String before, String after, String told) throws IOException {
        String source = Files.readString(ApiDocument.CLIENTS);
        assertThat(source).contains(before);

        assertThat(ApiDocumentRules.faultsOf(
                        ApiDocument.parse(source.replaceFirst(Pattern.quote(before), Matcher.quoteReplacement(after)))))
                .anyMatch(fault -> fault.contains(told));
    }

    @Test
    void memberThatIsThereTwiceIsFound() {
        assertThatThrownBy(() -> ApiDocument.parse("openapi: 3.1.0\nopenapi: 3.1.0\n"))
                .isInstanceOf(JsonProcessingException.class);
    }
}
