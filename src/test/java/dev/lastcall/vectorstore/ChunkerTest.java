package dev.lastcall.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    @Test
    void chunksAreCutBetweenWordsAndOverlap() {
        assertThat(Chunker.chunks("a b c d e", new Chunking(3, 1))).containsExactly("a b c", "c d e");
        assertThat(Chunker.chunks("a b c d", new Chunking(3, 0))).containsExactly("a b c", "d");
        assertThat(Chunker.chunks(" \n one \t", new Chunking(3, 1))).containsExactly("one");
        assertThat(Chunker.chunks(" \n ", new Chunking(3, 1))).isEmpty();
    }

    @Test
    void wordThatIsLongerThanAChunkIsCut() {
        assertThat(Chunker.chunks("x".repeat(20), new Chunking(2, 1)))
                .containsExactly("x".repeat(8), "x".repeat(8), "x".repeat(4));
        // Not between the two halves of a character.
        assertThat(Chunker.chunks("x".repeat(7) + "\ud83d\ude00y", new Chunking(2, 0)))
                .containsExactly("x".repeat(7), "\ud83d\ude00y");
    }

    @Test
    void nothingIsLost() {
        String text = "word ".repeat(5000);
        List<String> chunks = Chunker.chunks(text, new Chunking(100, 0));
        assertThat(String.join(" ", chunks)).isEqualTo(text.strip());
        assertThat(Chunker.chunks(text, new Chunking(100, 50))).hasSizeBetween(98, 101);
    }
}
