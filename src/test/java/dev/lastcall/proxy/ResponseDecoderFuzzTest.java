package dev.lastcall.proxy;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Pieces;

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
        var unused = Pieces.alike(input, pieces -> Decoded.answer(pieces, false));
        unused = Pieces.alike(input, pieces -> Decoded.answer(pieces, true));
    }
}
