package dev.lastcall.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;
import dev.lastcall.http.EventBoundary;
import dev.lastcall.http.StreamBoundary;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The places at which a stream may end: after whole events, lines of JSON and gRPC messages, whatever pieces they came in. */
class BoundariesFuzzTest {
    private record Seen(boolean events, boolean lines, boolean messages, boolean model) {}

    @DictionaryEntries({
        "\\x0a\\x0a",
        "\\x0d\\x0a\\x0d\\x0a",
        "data: ",
        "\\\"chat.completion.chunk\\\"",
        "\\\"message_start\\\"",
        "\\x00\\x00\\x00\\x00\\x01"
    })
    @FuzzTest
    void endsAreFoundWhereverTheBytesAreCut(byte[] input) {
        Seen seen = Pieces.alike(input, BoundariesFuzzTest::read);
        String text = new String(input, StandardCharsets.ISO_8859_1);
        assertThat(seen.lines()).isEqualTo(text.isEmpty() || text.endsWith("\n"));
        assertThat(seen.events()).isEqualTo(endsWithBlankLine(text));
    }

    private static Seen read(List<byte[]> pieces) {
        ModelStream model = new ModelStream();
        pieces.forEach(piece -> model.note(Buffer.buffer(piece)));
        return new Seen(
                isWhole(pieces, () -> new EventBoundary("text/event-stream")),
                isWhole(pieces, () -> new EventBoundary("application/x-ndjson")),
                isWhole(pieces, MessageBoundary::new),
                model.isAnswer());
    }

    private static boolean isWhole(List<byte[]> pieces, Supplier<StreamBoundary> kind) {
        StreamBoundary boundary = kind.get();
        pieces.forEach(piece -> boundary.note(Buffer.buffer(piece)));
        return boundary.isWhole();
    }

    /** Before the first byte a stream may end too. */
    private static boolean endsWithBlankLine(String text) {
        String rest = "\n\n" + text;
        for (int i = 0; i < 2; i++) {
            if (!rest.endsWith("\n") && !rest.endsWith("\r")) {
                return false;
            }
            rest = rest.substring(0, rest.length() - (rest.endsWith("\r\n") ? 2 : 1));
        }
        return true;
    }
}
