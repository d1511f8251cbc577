package dev.lastcall.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.lastcall.fuzz.Patience;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tokenizer: any text has known pieces, not many more than characters, and a blank parts it for good. */
class WordPieceFuzzTest {
    private static final Map<String, Integer> VOCABULARY = Map.ofEntries(
            Map.entry("[UNK]", 0),
            Map.entry("[CLS]", 1),
            Map.entry("[SEP]", 2),
            Map.entry("a", 3),
            Map.entry("##b", 4),
            Map.entry("abc", 5),
            Map.entry(",", 6),
            Map.entry("\u4e2d", 7),
            Map.entry("##\ud83d\ude00", 8));
    private final WordPiece pieces = new WordPiece(VOCABULARY);

    @FuzzTest
    void textHasKnownPiecesAndBlanksPartIt(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        List<Integer> whole = Patience.within(input, () -> pieces.pieces(text));
        assertThat(VOCABULARY.values()).containsAll(whole);
        // One character may be taken apart into a few, by its decomposition.
        assertThat(whole).hasSizeLessThanOrEqualTo(20 * text.length());
        int middle = text.isEmpty() ? 0 : text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
        List<Integer> halves = new ArrayList<>(pieces.pieces(text.substring(0, middle)));
        halves.addAll(pieces.pieces(text.substring(middle)));
        assertThat(pieces.pieces(text.substring(0, middle) + " " + text.substring(middle)))
                .isEqualTo(halves);
    }
}
