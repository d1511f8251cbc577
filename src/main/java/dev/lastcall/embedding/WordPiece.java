package dev.lastcall.embedding;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tokenizer of BERT's uncased models: clean, lower case, without accents, split at blanks, punctuation and Chinese characters, then the
 * longest known piece first. Immutable, and on the heap alone: nothing native is left behind.
 */
final class WordPiece {
    private static final String UNKNOWN = "[UNK]";
    private static final String CONTINUED = "##";
    private static final int LONGEST_WORD = 100;

    private final Map<String, Integer> vocabulary;
    private final int unknown;

    WordPiece(Map<String, Integer> vocabulary) {
        this.vocabulary = vocabulary;
        Integer id = vocabulary.get(UNKNOWN);
        if (id == null || !vocabulary.containsKey("[CLS]") || !vocabulary.containsKey("[SEP]")) {
            throw new IllegalArgumentException("vocabulary: no [UNK], [CLS] or [SEP] (expected: one of BERT's)");
        }
        unknown = id;
    }

    /** The token at the beginning of each row. */
    int first() {
        return vocabulary.getOrDefault("[CLS]", unknown);
    }

    /** The token at its end. */
    int last() {
        return vocabulary.getOrDefault("[SEP]", unknown);
    }

    /** The ids of a text's pieces, without those at the beginning and the end. */
    List<Integer> pieces(String text) {
        List<Integer> pieces = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        String plain = plain(text);
        for (int i = 0; i < plain.length(); ) {
            int point = plain.codePointAt(i);
            i += Character.charCount(point);
            if (isSpace(point)) {
                end(word, pieces);
            } else if (isPunctuation(point) || isChinese(point)) {
                end(word, pieces);
                end(word.appendCodePoint(point), pieces);
            } else {
                word.appendCodePoint(point);
            }
        }
        end(word, pieces);
        return pieces;
    }

    private static String plain(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .filter(point -> point != 0 && point != 0xfffd && (isSpace(point) || !isControl(point)))
                .forEach(clean::appendCodePoint);
        String apart = Normalizer.normalize(clean, Normalizer.Form.NFD);
        StringBuilder bare = new StringBuilder(apart.length());
        apart.codePoints()
                .filter(point -> Character.getType(point) != Character.NON_SPACING_MARK)
                .forEach(bare::appendCodePoint);
        return bare.toString().toLowerCase(Locale.ROOT);
    }

    private void end(StringBuilder word, List<Integer> pieces) {
        if (!word.isEmpty()) {
            split(word.toString(), pieces);
            word.setLength(0);
        }
    }

    private void split(String word, List<Integer> pieces) {
        if (word.codePointCount(0, word.length()) > LONGEST_WORD) {
            pieces.add(unknown);
            return;
        }
        int before = pieces.size();
        for (int from = 0; from < word.length(); ) {
            int to = word.length();
            Integer id = null;
            while (to > from && id == null) {
                String piece = word.substring(from, to);
                id = vocabulary.get(from == 0 ? piece : CONTINUED + piece);
                to = id == null ? to - 1 : to;
            }
            if (id == null) {
                pieces.subList(before, pieces.size()).clear();
                pieces.add(unknown);
                return;
            }
            pieces.add(id);
            from = to;
        }
    }

    private static boolean isSpace(int point) {
        return point == '\t' || point == '\n' || point == '\r' || Character.getType(point) == Character.SPACE_SEPARATOR;
    }

    private static boolean isControl(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** All of ASCII that is neither a letter nor a digit counts, also what Unicode calls a symbol. */
    private static boolean isPunctuation(int point) {
        boolean ascii = point > ' ' && point < 0x7f && !Character.isLetterOrDigit(point);
        return ascii
                || switch (Character.getType(point)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION -> true;
                    default -> false;
                };
    }

    private static boolean isChinese(int point) {
        return (point >= 0x4e00 && point <= 0x9fff)
                || (point >= 0x3400 && point <= 0x4dbf)
                || (point >= 0x20000 && point <= 0x2a6df)
                || (point >= 0x2a700 && point <= 0x2ceaf)
                || (point >= 0xf900 && point <= 0xfaff)
                || (point >= 0x2f800 && point <= 0x2fa1f);
    }
}
