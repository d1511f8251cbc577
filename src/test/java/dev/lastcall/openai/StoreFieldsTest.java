package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFieldsTest {
    private static Fields fields(String json) {
        return new Fields(new JsonObject(json.replace('\'', '"')));
    }

    @Test
    void nullCountsAsAbsent() {
        assertThat(StoreFields.search(fields("{'query': 'a', 'max_num_results': null}"))
                        .most())
                .isEqualTo(10);
        assertThat(StoreFields.chunking(fields("{'type': 'static', 'static': {'max_chunk_size_tokens': 200,"
                                + " 'chunk_overlap_tokens': null}}"))
                        .overlap())
                .isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999"})
    void numberThatIsInfiniteIsNoAttribute(String number) {
        assertThatThrownBy(() -> StoreFields.attributes(fields("{'a': " + number + "}")))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void nameIsBoundedAndHasNoNul() {
        JsonObject tooLong = new JsonObject().put("name", "x".repeat(513));
        JsonObject nul = new JsonObject().put("name", "a\0b");

        assertThatThrownBy(() -> StoreFields.name(new Fields(tooLong))).hasMessageContaining("'name'");
        assertThatThrownBy(() -> StoreFields.name(new Fields(nul))).hasMessageContaining("'name'");
        assertThat(StoreFields.name(fields("{'name': null}"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{'type': 'auto', 'static': {}} | 'static'", "{'type': 'auto', 'size': 1} | 'size'"})
    void strategyHasNoMembersThatItPassesOver(String strategy, String member) {
        assertThatThrownBy(() -> StoreFields.chunking(fields(strategy)))
                .isInstanceOf(ApiError.class)
                .hasMessageContaining(member.replace("'", ""));
    }

    @Test
    void queryOfAnotherTypeIsNotCalledMissing() {
        assertThatThrownBy(() -> StoreFields.search(fields("{'query': 5}")))
                .hasMessage("Invalid type for 'query': expected a string or an array of strings, but got 5 instead.");
    }

    @Test
    void listsAreBounded() {
        JsonObject files = new JsonObject().put("file_ids", new JsonArray(Collections.nCopies(2001, "file-a")));
        JsonObject filter = new JsonObject()
                .put("type", "in")
                .put("key", "a")
                .put("value", new JsonArray(Collections.nCopies(1001, 1)));

        assertThatThrownBy(() -> StoreFields.fileIds(new Fields(files))).hasMessageContaining("at most 2000");
        assertThatThrownBy(() -> SearchFilter.of(new Fields(filter))).hasMessageContaining("at most 1000");
    }
}
