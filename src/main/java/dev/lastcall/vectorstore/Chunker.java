package dev.lastcall.vectorstore;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text between its words. The same text and {@link Chunking} give the same chunks, in every pod: a chunk is known by its place. A token
 * counts four characters of a word, and a word at least one, since models count differently and the difference is no matter here.
 */
final class Chunker {
    private static final int TOKEN = 4;

    private Chunker() {}

    /** A part of a word that is at most as long as a chunk. */
    private record Piece(int from, int to) {
        int tokens() {
            return (to - from + TOKEN - 1) / TOKEN;
        }
    }

    static List<String> chunks(String text, Chunking chunking) {
        List<Piece> pieces = pieces(text, chunking.size() * TOKEN);
        List<String> chunks = new ArrayList<>();
        int from = 0;
        while (from < pieces.size()) {
            int to = from;
            int tokens = 0;
            while (to < pieces.size() && tokens + pieces.get(to).tokens() <= chunking.size()) {
                tokens += pieces.get(to).tokens();
                to++;
            }
            chunks.add(
                    text.substring(pieces.get(from).from(), pieces.get(to - 1).to()));
            if (to == pieces.size()) {
                break;
            }
            from = Math.max(from + 1, back(pieces, to, chunking.overlap()));
        }
        return chunks;
    }

    /** Returns the piece at which the next chunk begins, so that it has at most so many tokens of the one before. */
    private static int back(List<Piece> pieces, int end, int overlap) {
        int from = end;
        int tokens = 0;
        while (from > 0 && tokens + pieces.get(from - 1).tokens() <= overlap) {
            from--;
            tokens += pieces.get(from).tokens();
        }
        return from;
    }

    private static List<Piece> pieces(String text, int longest) {
        List<Piece> pieces = new ArrayList<>();
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean blank = i == text.length() || Character.isWhitespace(text.charAt(i));
            if (from >= 0 && (blank || i - from >= longest)) {
                // Not between the halves of a character.
                int to = !blank && Character.isLowSurrogate(text.charAt(i)) ? i - 1 : i;
                pieces.add(new Piece(from, to));
                from = blank ? -1 : to;
            } else if (from < 0 && !blank) {
                from = i;
            }
        }
        return pieces;
    }
}
