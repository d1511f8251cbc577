package dev.lastcall.proxy.upstream;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;
import dev.lastcall.proxy.Decoded;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

/** Answers of the application: the same bytes are the same answer, with the same rest, however they are cut. */
class ResponseDecoderFuzzTest {
    @DictionaryEntries({
        "HTTP/1.1 200 OK\\x0d\\x0a",
        "HTTP/1.1 101 Switching Protocols\\x0d\\x0a",
        "HTTP/1.1 100 Continue\\x0d\\x0a\\x0d\\x0a",
        "HTTP/1.1 204 \\x0d\\x0a",
        "Content-Length: ",
        "Transfer-Encoding: chunked\\x0d\\x0a",
        "\\x0d\\x0a\\x0d\\x0a",
        "0\\x0d\\x0a\\x0d\\x0a"
    })
    @FuzzTest
    void answerIsTheSameWhereverTheBytesAreCut(byte[] input) {
        var unused = Pieces.alike(input, pieces -> answer(pieces, false));
        unused = Pieces.alike(input, pieces -> answer(pieces, true));
    }

    /** The answer to one request, and whether bytes came that belong to none. */
    private static List<String> answer(List<byte[]> pieces, boolean toHead) {
        ResponseDecoder decoder = new ResponseDecoder(8192);
        decoder.expect(toHead);
        List<String> all = Decoded.messages(new EmbeddedChannel(decoder), pieces, () -> {});
        all.add("unasked=" + decoder.hasUnasked());
        return all;
    }
}
