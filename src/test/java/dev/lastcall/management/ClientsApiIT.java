package dev.lastcall.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The document of the clients' port, served beside the operator's. Whether it is true: {@code openai/ClientsDocumentTest}. */
class ClientsApiIT {
    @Test
    void packagedApplicationServesTheDocumentAndNoneOfTheOperatorsPathsIsInIt() throws Exception {
        try (Pod pod = Pod.start(Map.of())) {
            JsonNode paths = new YAMLMapper()
                    .readTree(new Operator(pod).ask("GET", "/q/openapi").body())
                    .get("paths");
            List<String> names = new ArrayList<>();
            paths.fieldNames().forEachRemaining(names::add);

            assertThat(names)
                    .contains("/agent/run", "/agent/stream", "/v1/responses", "/v1/chat/completions")
                    .noneMatch(name -> name.startsWith("/drain"));
        }
    }
}
