package dev.lastcall.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests to the sidecar: the same bytes are the same requests however they are cut, and what is passed on is read as what it was. */
class RequestDecoderFuzzTest {
    @DictionaryEntries({
        "GET / HTTP/1.1\\x0d\\x0aHost: a\\x0d\\x0a\\x0d\\x0a",
        "POST / HTTP/1.1\\x0d\\x0a",
        "HTTP/1.0",
        "Content-Length: ",
        "Transfer-Encoding: chunked\\x0d\\x0a",
        "\\x0d\\x0a\\x0d\\x0a",
        "0\\x0d\\x0a\\x0d\\x0a",
        "5\\x0d\\x0aabcde\\x0d\\x0a",
        ";a=b",
        "Upgrade: h2c\\x0d\\x0a"
    })
    @FuzzTest
    void requestsAreTheSameWhereverTheBytesAreCut(byte[] input) {
        List<String> requests = Pieces.alike(input, DecodedRequests::of);
        for (String request : requests) {
            int end = request.indexOf("\n\n");
            if (end >= 0 && !request.endsWith("refused") && !request.endsWith("not whole")) {
                assertThat(trimmed(headOf(request, end)))
                        .as("written again")
                        .isEqualTo(trimmed(request.substring(0, end)));
            }
        }
    }

    /** Blanks before a value are no part of it (RFC 9112, 5.1), as those where a line was folded. */
    private static String trimmed(String head) {
        return head.replaceAll(":[ \t]+", ": ").replaceAll("(?m)[ \t]+$", "");
    }

    /** The head alone, as it is sent to the application, without what frames a body. */
    private static String headOf(String request, int end) {
        String head = request.substring(0, end);
        String written = head.replace("\n", "\r\n") + "\r\n\r\n";
        List<String> again = DecodedRequests.of(List.of(written.getBytes(StandardCharsets.ISO_8859_1)));
        return again.isEmpty()
                ? "nothing"
                : again.get(0).substring(0, Math.max(0, again.get(0).indexOf("\n\n")));
    }
}
