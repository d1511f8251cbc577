package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class MultipartFormTest {
    private static MultipartForm form(String... heads) {
        StringBuilder body = new StringBuilder();
        for (String head : heads) {
            body.append("--b\r\nContent-Disposition: form-data; ").append(head).append("\r\n\r\nx\r\n");
        }
        return MultipartForm.of(Buffer.buffer(body + "--b--\r\n"), "b");
    }

    /** The stack is as deep as it was for a short one. */
    @Test
    void nameMayBeAsLongAsTheBody() {
        String letters = "n".repeat(500_000);
        String escapes = "\\\"".repeat(250_000);

        assertThat(form("name=\"" + letters + "\"").part(letters)).isNotNull();
        assertThat(form("name=" + letters).part(letters)).isNotNull();
        MultipartForm.Part file =
                form("name=\"file\"; filename=\"" + escapes + "\"").part("file");
        assertThat(file == null ? null : file.filename()).isEqualTo("\"".repeat(250_000));
    }

    @Test
    void partsAreCountedAlsoWithOneName() {
        String[] heads = new String[21];
        java.util.Arrays.fill(heads, "name=\"p\"");

        assertThatThrownBy(() -> form(heads)).isInstanceOf(ApiError.class).hasMessageContaining("20 parts");
    }
}
