package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import dev.lastcall.model.ModelRequest;
import dev.lastcall.model.SentBody;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** Bodies of requests: each is refused as the client's fault, or can be stored, read again and sent to a model. */
class RequestsFuzzTest {
    private static final List<Consumer<JsonObject>> READERS = List.of(
            json -> send(ParsedChatRequest.of(json)),
            json -> send(ParsedResponseRequest.of(json)),
            ParsedEmbeddingRequest::of,
            json -> StoreFields.search(new Fields(json)).filter().accepts(attributes()),
            json -> {
                Fields body = new Fields(json);
                StoreFields.name(body);
                StoreFields.metadata(body.object("metadata"));
                StoreFields.attributes(body.object("attributes"));
                StoreFields.chunking(body.object("chunking_strategy"));
                StoreFields.fileIds(body);
            });

    @DictionaryEntries({
        "{\\\"model\\\":\\\"m\\\",\\\"messages\\\":[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"a\\\"}]}",
        "{\\\"input\\\":[{\\\"type\\\":\\\"message\\\",\\\"role\\\":\\\"user\\\",\\\"content\\\":[]}]}",
        "\\\"role\\\":\\\"tool\\\",\\\"tool_call_id\\\":\\\"c\\\"",
        "\\\"tool_calls\\\":[{\\\"id\\\":\\\"c\\\",\\\"type\\\":\\\"function\\\",\\\"function\\\":{\\\"name\\\":\\\"f\\\",\\\"arguments\\\":\\\"{}\\\"}}]",
        "\\\"type\\\":\\\"function_call_output\\\"",
        "\\\"type\\\":\\\"item_reference\\\"",
        "\\\"type\\\":\\\"reasoning\\\"",
        "\\\"type\\\":\\\"image_url\\\"",
        "\\\"type\\\":\\\"file_search\\\",\\\"vector_store_ids\\\":[\\\"vs_a\\\"]",
        "\\\"tools\\\":[{\\\"type\\\":\\\"function\\\",\\\"name\\\":\\\"f\\\",\\\"parameters\\\":{}}]",
        "\\\"tool_choice\\\":\\\"required\\\"",
        "\\\"response_format\\\":{\\\"type\\\":\\\"json_schema\\\",\\\"json_schema\\\":{}}",
        "\\\"text\\\":{\\\"format\\\":{\\\"type\\\":\\\"json_object\\\"}}",
        "\\\"filters\\\":{\\\"type\\\":\\\"and\\\",\\\"filters\\\":[]}",
        "{\\\"type\\\":\\\"eq\\\",\\\"key\\\":\\\"a\\\",\\\"value\\\":1}",
        "\\\"chunking_strategy\\\":{\\\"type\\\":\\\"static\\\",\\\"static\\\":{\\\"max_chunk_size_tokens\\\":100}}",
        "\\\"logprobs\\\":true,\\\"top_logprobs\\\":2",
        "\\\"metadata\\\":{}",
        "\\\"seed\\\":",
        "\\\"stop\\\":[\\\"a\\\"]",
        "null",
        "1e400",
        "-1",
        "99999999999999999999"
    })
    @FuzzTest
    void bodyIsRefusedOrCanBeUsed(byte[] input) {
        Patience.within(input, () -> {
            READERS.forEach(reader -> read(input, reader));
            return "";
        });
    }

    private static void read(byte[] input, Consumer<JsonObject> reader) {
        try {
            reader.accept(Fields.object(Buffer.buffer(input)));
        } catch (ApiError refused) {
            assertThat(refused.status()).as(refused.getMessage()).isBetween(400, 499);
        }
    }

    /** Treats a request as a run does: kept as text, read by any pod, asked of an upstream. */
    private static void send(ParsedRequest request) {
        JsonObject stored = request.request(new JsonArray());
        JsonObject again = new JsonObject(stored.encode());
        assertThat(again.encode()).isEqualTo(stored.encode());
        assertThat(SentBody.of(ModelRequest.of(again)).encode()).isNotEmpty();
        assertThat(request.echo().encode()).isNotEmpty();
    }

    private static JsonObject attributes() {
        return new JsonObject().put("a", 1).put("b", "text").put("c", true).putNull("d");
    }
}
