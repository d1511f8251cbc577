package dev.lastcall.embedding;

import dev.lastcall.model.ModelFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Texts to vectors by one loaded model: in batches of about equal length, which are bounded in tokens and so in memory. A text that is longer
 * than the model reads at once is read in parts, whose vectors count by their length. Used by one thread at a time.
 */
final class Encoder implements AutoCloseable {
    /** The most tokens of a text: what OpenAI's models take. */
    static final int LONGEST = 8192;
    /** The most tokens that the model was trained to read at once, without those at the beginning and the end. */
    private static final int WINDOW = 254;
    /** The most tokens of a batch, fillers among them: some 40 MiB while it is computed. */
    private static final int BATCH = 2048;

    private final WordPiece tokenizer;
    private final TransformerSession session;

    Encoder(WordPiece tokenizer, TransformerSession session) {
        this.tokenizer = tokenizer;
        this.session = session;
    }

    private static final class Row {
        final int text;
        final long[] ids;

        Row(int text, long[] ids) {
            this.text = text;
            this.ids = ids;
        }
    }

    /** @throws ModelFailure where a text is too long */
    Embedded encode(List<String> texts) {
        List<Row> rows = new ArrayList<>();
        long tokens = 0;
        for (int i = 0; i < texts.size(); i++) {
            List<Integer> pieces = tokenizer.pieces(texts.get(i));
            if (pieces.size() > LONGEST) {
                throw ModelFailure.refused(
                        400,
                        "context_length_exceeded",
                        "input[" + i + "]: " + pieces.size() + " tokens (expected: at most " + LONGEST
                                + "). Split the text.");
            }
            tokens += pieces.size();
            for (int from = 0; from == 0 || from < pieces.size(); from += WINDOW) {
                rows.add(new Row(i, ids(pieces.subList(from, Math.min(pieces.size(), from + WINDOW)))));
            }
        }
        return new Embedded(vectors(rows, texts.size()), tokens);
    }

    private long[] ids(List<Integer> pieces) {
        long[] ids = new long[pieces.size() + 2];
        ids[0] = tokenizer.first();
        for (int i = 0; i < pieces.size(); i++) {
            ids[i + 1] = pieces.get(i);
        }
        ids[ids.length - 1] = tokenizer.last();
        return ids;
    }

    private List<float[]> vectors(List<Row> rows, int texts) {
        rows.sort(Comparator.comparingInt(row -> row.ids.length));
        float[][] sums = new float[texts][];
        int[] parts = new int[texts];
        for (int from = 0; from < rows.size(); ) {
            int to = from + 1;
            while (to < rows.size() && (to + 1 - from) * rows.get(to).ids.length <= BATCH) {
                to++;
            }
            List<Row> batch = rows.subList(from, to);
            float[][] vectors = run(batch);
            for (int i = 0; i < vectors.length; i++) {
                Row row = batch.get(i);
                if (parts[row.text] == 0) {
                    sums[row.text] = new float[vectors[i].length];
                }
                parts[row.text]++;
                add(vectors[i], row.ids.length, sums[row.text]);
            }
            from = to;
        }
        for (int i = 0; i < texts; i++) {
            UnitVectors.normalise(sums[i]);
        }
        return List.of(sums);
    }

    private static void add(float[] vector, int weight, float[] sum) {
        for (int i = 0; i < vector.length; i++) {
            sum[i] += weight * vector[i];
        }
    }

    private float[][] run(List<Row> batch) {
        int width = batch.get(batch.size() - 1).ids.length;
        long[][] ids = new long[batch.size()][width];
        int[] lengths = new int[batch.size()];
        for (int i = 0; i < ids.length; i++) {
            long[] row = batch.get(i).ids;
            System.arraycopy(row, 0, ids[i], 0, row.length);
            lengths[i] = row.length;
        }
        return session.run(ids, lengths);
    }

    @Override
    public void close() {
        session.close();
    }
}
