package dev.lastcall.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Chunked bodies: what the sidecar reads whole has the grammar of RFC 9112, 7.1, so that no other program can find another end of it. */
class ChunkSyntaxFuzzTest {
    private static final String HEAD = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    /** White space behind a size and in an extension is not strictly right, and ends nobody's chunk. */
    private static final Pattern SIZE = Pattern.compile("0*([0-9a-fA-F]{1,16})[ \\t]*(?:;[^\\r\\n]*)?\\r\\n");

    @DictionaryEntries({
        "0\\x0d\\x0a\\x0d\\x0a",
        "5\\x0d\\x0aabcde\\x0d\\x0a",
        ";a=\\\"b\\\"",
        "a: b\\x0d\\x0a",
        "\\x0a",
        "ffffffff",
        "80000000"
    })
    @FuzzTest
    void bodyThatIsReadHasOneEndForEverybody(byte[] input) {
        String body = new String(input, StandardCharsets.ISO_8859_1);
        List<String> requests = Patience.within(
                input, () -> DecodedRequests.of(List.of((HEAD + body).getBytes(StandardCharsets.ISO_8859_1))));
        String first = requests.get(0);
        if (!first.endsWith("refused") && !first.endsWith("not whole")) {
            assertThat(strictlyWhole(body)).as(first).isTrue();
        }
    }

    /** Whether the body begins with chunks and the last of them; trailers are fields, which have no ambiguous length. */
    private static boolean strictlyWhole(String body) {
        int at = 0;
        while (true) {
            var size = SIZE.matcher(body).region(at, body.length());
            if (!size.lookingAt()) {
                return false;
            }
            long length = Long.parseUnsignedLong(size.group(1), 16);
            at = size.end();
            if (length == 0) {
                return true;
            }
            if (length < 0 || length > body.length() - at - 2 || !body.startsWith("\r\n", at + (int) length)) {
                return false;
            }
            at += (int) length + 2;
        }
    }
}
