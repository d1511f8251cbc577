package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import dev.lastcall.run.event.ResponseId;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Forms with files, the boundaries in their Content-Type, and ids in paths: refused as the client's fault, or read. */
class FormsAndIdsFuzzTest {
    private static final String ID = "resp_";

    @DictionaryEntries({
        "--b\\x0d\\x0a",
        "\\x0d\\x0a--b--",
        "\\x0d\\x0a\\x0d\\x0a",
        "Content-Disposition: form-data; name=\\\"file\\\"; filename=\\\"a\\\\\\\"\\\"",
        "multipart/form-data; boundary=b",
        "resp_0123456789abcdef0123456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef"
    })
    @FuzzTest
    void formOrIdIsRefusedOrRead(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        Patience.within(input, () -> {
            form(input, text);
            id(text);
            return "";
        });
    }

    private static void form(byte[] input, String text) {
        try {
            String boundary = MultipartForm.boundary(text);
            assertThat(boundary).isNotEmpty();
            assertThat(text).contains(boundary);
        } catch (ApiError refused) {
            assertThat(refused.status()).isBetween(400, 499);
        }
        try {
            MultipartForm form = MultipartForm.of(Buffer.buffer(input), "b");
            MultipartForm.Part file = form.part("file");
            if (file != null) {
                assertThat(file.content().length()).isLessThan(input.length);
                assertThat(file.text()).isNotNull();
            }
        } catch (ApiError refused) {
            assertThat(refused.status()).isBetween(400, 499);
        }
    }

    private static void id(String text) {
        try {
            UUID run = ListCursor.run(text, () -> ApiError.responseNotFound(text));
            if (text.startsWith(ID)) {
                assertThat(ResponseId.of(run)).isEqualTo(text);
            }
        } catch (ApiError refused) {
            assertThat(refused.status()).isBetween(400, 499);
        }
    }
}
