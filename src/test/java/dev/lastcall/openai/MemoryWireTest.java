package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings, files and vector stores on the wire. */
@QuarkusTest
@TestProfile(Keys.class)
class MemoryWireTest {
    @TestHTTPResource("/")
    URI root = URI.create("");

    private Client alice;
    private Client bob;

    @BeforeEach
    void clients() {
        alice = new Client(root, Keys.ALICE);
        bob = new Client(root, Keys.BOB);
    }

    @Test
    void vectorsComeAsNumbersAndPacked() throws Exception {
        JsonObject numbers =
                Client.json(alice.post("/v1/embeddings", "{'model': 'm', 'input': ['a b', 'c'], 'dimensions': 64}"));
        JsonObject packed = Client.json(
                alice.post("/v1/embeddings", "{'model': 'm', 'input': 'a b', 'encoding_format': 'base64'}"));

        JsonArray vector = numbers.getJsonArray("data").getJsonObject(0).getJsonArray("embedding");
        assertThat(numbers.getJsonArray("data")).hasSize(2);
        assertThat(numbers.getString("model")).isEqualTo("m");
        assertThat(numbers.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(6);
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(packed.getJsonArray("data").getJsonObject(0).getString("embedding")))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<Float> floats = new ArrayList<>();
        while (bytes.hasRemaining()) {
            floats.add(bytes.getFloat());
        }
        assertThat(floats).hasSize(64);
        for (int i = 0; i < 64; i++) {
            assertThat(floats.get(i)).isEqualTo(vector.getFloat(i));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'input': 'a'} | 400 missing_required_parameter",
                "{'model': 'm'} | 400 missing_required_parameter",
                "{'model': 'm', 'input': ''} | 400 empty_string",
                "{'model': 'm', 'input': ['a', '']} | 400 empty_string",
                "{'model': 'm', 'input': []} | 400 empty_array",
                "{'model': 'm', 'input': [1, 2]} | 400 unsupported_parameter",
                "{'model': 'm', 'input': [[1, 2]]} | 400 unsupported_parameter",
                "{'model': 'm', 'input': {}} | 400 invalid_type",
                "{'model': 'm', 'input': [null]} | 400 invalid_type",
                "{'model': 'm', 'input': 'a', 'dimensions': 0} | 400 integer_below_min_value",
                "{'model': 'm', 'input': 'a', 'dimensions': 1.5} | 400 invalid_type",
                "{'model': 'm', 'input': 'a', 'encoding_format': 'hex'} | 400 invalid_value",
                "{'model': 'm', 'input': 'a', 'inputs': 'a'} | 400 unknown_parameter",
                "{'model': 'm', 'input': NaN} | 400 null",
                "{'model': 'm', 'input': 'refuse-400'} | 400 invalid_request_error",
                "{'model': 'm', 'input': 'refuse-401'} | 502 server_error",
                "{'model': 'm', 'input': 'refuse-429'} | 429 rate_limit_exceeded",
                "{'model': 'm', 'input': 'refuse-500'} | 500 server_error",
                "{'model': 'm', 'input': 'say nothing'} | 502 server_error",
            })
    void wrongEmbeddingIsSaidSo(String body, String answer) throws Exception {
        assertThat(Client.code(alice.post("/v1/embeddings", body))).isEqualTo(answer);
    }

    private static String form(String name, String text) {
        return String.join(
                "\r\n",
                "--b",
                "Content-Disposition: form-data; name=\"purpose\"",
                "",
                "assistants",
                "--b",
                "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"",
                "",
                text,
                "--b--",
                "");
    }

    private String upload(String name, String text) throws Exception {
        return Client.id(alice.upload("/v1/files", form(name, text)));
    }

    @Test
    void filesOfAStoreAreFoundByTheirTextAndAttributes() throws Exception {
        String cats = upload("cats.txt", "cats sleep on sofas");
        String dogs = upload("dogs.txt", "dogs sleep in gardens");
        String store = Client.id(alice.post("/v1/vector_stores", "{'name': 'pets', 'metadata': {'a': 'b'}}"));
        String path = "/v1/vector_stores/" + store;
        attach(path, cats, "{'kind': 'cat', 'age': 3}");
        attach(path, dogs, "{'kind': 'dog', 'age': 5}");
        await().untilAsserted(() -> assertThat(Client.json(alice.get(path))
                        .getJsonObject("file_counts")
                        .getInteger("completed"))
                .isEqualTo(2));

        assertThat(found(path, "{'query': 'cats sleep on sofas'}")).containsExactly("cats.txt", "dogs.txt");
        assertThat(found(path, "{'query': ['gardens', 'dogs'], 'max_num_results': 1}"))
                .containsExactly("dogs.txt");
        assertThat(found(path, "{'query': 'sleep', 'filters': {'type': 'eq', 'key': 'kind', 'value': 'dog'}}"))
                .containsExactly("dogs.txt");
        assertThat(found(
                        path,
                        "{'query': 'sleep', 'filters': {'type': 'and', 'filters': [{'type': 'gte', 'key': 'age',"
                                + " 'value': 3}, {'type': 'nin', 'key': 'kind', 'value': ['dog']}]}}"))
                .containsExactly("cats.txt");
        assertThat(found(path, "{'query': 'zebra', 'ranking_options': {'score_threshold': 0.9}}"))
                .isEmpty();
        JsonObject content = Client.json(alice.get(path + "/files/" + cats + "/content"));
        assertThat(content.getJsonArray("data").getJsonObject(0).getString("text"))
                .isEqualTo("cats sleep on sofas");
        assertThat(alice.get("/v1/files/" + cats + "/content").body()).isEqualTo("cats sleep on sofas");
        assertThat(Client.json(alice.get(path + "/files?limit=1&order=asc")).getString("last_id"))
                .isEqualTo(cats);

        // Another tenant's are not there.
        assertThat(Client.code(bob.get(path))).isEqualTo("404 vector_store_not_found");
        assertThat(Client.code(bob.post(path + "/search", "{'query': 'cats'}")))
                .isEqualTo("404 vector_store_not_found");
        assertThat(Client.code(bob.post(path + "/files", "{'file_id': '" + cats + "'}")))
                .isEqualTo("404 vector_store_not_found");
        assertThat(Client.code(bob.get("/v1/files/" + cats))).isEqualTo("404 file_not_found");
        assertThat(Client.code(bob.delete("/v1/files/" + cats))).isEqualTo("404 file_not_found");
        String own = Client.id(bob.post("/v1/vector_stores", "{}"));
        assertThat(Client.code(bob.post("/v1/vector_stores/" + own + "/files", "{'file_id': '" + cats + "'}")))
                .isEqualTo("404 file_not_found");
        assertThat(Client.json(bob.get("/v1/files")).getJsonArray("data")).isEmpty();

        assertThat(Client.json(alice.delete(path + "/files/" + cats)).getBoolean("deleted"))
                .isTrue();
        assertThat(found(path, "{'query': 'cats sleep on sofas'}")).containsExactly("dogs.txt");
        alice.delete("/v1/files/" + dogs);
        alice.delete("/v1/files/" + cats);
        assertThat(found(path, "{'query': 'dogs'}")).isEmpty();
        alice.delete(path);
    }

    private void attach(String path, String file, String attributes) throws Exception {
        HttpResponse<String> answer =
                alice.post(path + "/files", "{'file_id': '" + file + "', 'attributes': " + attributes + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private List<String> found(String path, String body) throws Exception {
        JsonArray data = Client.json(alice.post(path + "/search", body)).getJsonArray("data");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < data.size(); i++) {
            names.add(data.getJsonObject(i).getString("filename"));
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/vector_stores | {'file_ids': ['file-none']} | 400 invalid_value",
                "/v1/vector_stores | {'expires_after': {'anchor': 'last_active_at', 'days': 1}} | 400 unsupported_parameter",
                "/v1/vector_stores | {'metadata': {'a': 1}} | 400 invalid_type",
                "/v1/vector_stores | {'description': 1} | 400 invalid_type",
                "/v1/vector_stores | {'chunking_strategy': {'type': 'static', 'static': {'max_chunk_size_tokens': 99}}} | 400 integer_below_min_value",
                "/v1/vector_stores/vs_none/search | {'query': ''} | 400 invalid_value",
                "/v1/vector_stores/vs_none/search | {} | 400 missing_required_parameter",
                "/v1/vector_stores/vs_none/search | {'query': 'a', 'max_num_results': 51} | 400 integer_above_max_value",
                "/v1/vector_stores/vs_none/search | {'query': 'a', 'filters': {'type': 'like', 'key': 'a', 'value': 'b'}} | 400 invalid_value",
                "/v1/vector_stores/vs_none/search | {'query': 'a', 'filters': {'type': 'gt', 'key': 'a', 'value': true}} | 400 invalid_type",
                "/v1/vector_stores/vs_none/search | {'query': 'a', 'filters': {'type': 'and', 'filters': []}} | 400 missing_required_parameter",
                "/v1/vector_stores/vs_none/search | {'query': 'a', 'ranking_options': {'score_threshold': NaN}} | 400 null",
                "/v1/vector_stores/vs_none/search | {'query': 'a'} | 404 vector_store_not_found",
                "/v1/vector_stores/vs_none/files | {'file_id': 'a'} | 404 vector_store_not_found",
                "/v1/vector_stores/vs_none/files | {'file_id': 'a', 'attributes': {'a': []}} | 400 invalid_type",
            })
    void wrongStoreIsSaidSo(String path, String body, String answer) throws Exception {
        assertThat(Client.code(alice.post(path, body))).isEqualTo(answer);
    }

    @Test
    void wrongFileIsSaidSo() throws Exception {
        assertThat(Client.code(alice.upload("/v1/files", form("a.txt", " \n "))))
                .isEqualTo("400 unsupported_file");
        assertThat(Client.code(alice.upload("/v1/files", form("a.txt", "a\u0000b"))))
                .isEqualTo("400 unsupported_file");
        assertThat(Client.code(alice.upload("/v1/files", form("a.txt", "x".repeat(70_000)))))
                .isEqualTo("413 request_too_large");
        assertThat(Client.code(alice.upload("/v1/files", form("a.txt", "x").replace("assistants", "fun"))))
                .isEqualTo("400 invalid_value");
        assertThat(Client.code(alice.upload(
                        "/v1/files", form("a.txt", "x").replace("\"purpose\"", "\"expires_after[seconds]\""))))
                .isEqualTo("400 missing_required_parameter");
        assertThat(Client.code(alice.upload(
                        "/v1/files",
                        "--b\r\nContent-Disposition: form-data; name=\"expires_after[seconds]\"\r\n\r\n1\r\n"
                                + form("a.txt", "x"))))
                .isEqualTo("400 unsupported_parameter");
        assertThat(Client.code(alice.upload("/v1/files", "--b\r\n"))).isEqualTo("400 null");
        assertThat(Client.code(alice.upload("/v1/files", "--b--\r\n"))).isEqualTo("400 missing_required_parameter");
        assertThat(Client.code(alice.post("/v1/files", "{}"))).isEqualTo("415 unsupported_content_type");
    }

    /** A file whose text the model refuses has failed, and says why. */
    @Test
    void fileThatCannotBeEmbeddedFails() throws Exception {
        String file = upload("bad.txt", "refuse-400");
        String store = Client.id(alice.post("/v1/vector_stores", "{'file_ids': ['" + file + "']}"));
        await().untilAsserted(() -> {
            JsonObject attached = Client.json(alice.get("/v1/vector_stores/" + store + "/files/" + file));
            assertThat(attached.getString("status")).isEqualTo("failed");
            assertThat(attached.getJsonObject("last_error").getString("message"))
                    .contains("as asked");
        });
        assertThat(Client.json(alice.get("/v1/vector_stores/" + store + "/files?filter=failed"))
                        .getJsonArray("data"))
                .hasSize(1);
        alice.delete("/v1/files/" + file);
        alice.delete("/v1/vector_stores/" + store);
    }
}
