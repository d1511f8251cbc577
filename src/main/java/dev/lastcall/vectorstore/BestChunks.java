package dev.lastcall.vectorstore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The chunks with the highest scores, of all that were offered. Not thread-safe. */
final class BestChunks {
    /** The first in the order of results: by score, then by place, so that equal ones come in the same order each time. */
    private static final Comparator<Found> ORDER = Comparator.comparingDouble(Found::score)
            .reversed()
            .thenComparingLong(Found::serial)
            .thenComparingInt(Found::index);

    /** A chunk of the file that was attached as {@code serial}. */
    record Found(long serial, int index, double score) {}

    private final int most;
    private final PriorityQueue<Found> worstFirst = new PriorityQueue<>(ORDER.reversed());

    BestChunks(int most) {
        this.most = most;
    }

    void offer(long serial, FileVectors vectors, float[] query) {
        if (vectors.dimensions() != query.length) {
            return;
        }
        for (int i = 0; i < vectors.chunks(); i++) {
            offer(serial, i, vectors.score(query, i));
        }
    }

    void offer(long serial, int index, double score) {
        Found worst = worstFirst.peek();
        if (worst == null || worstFirst.size() < most || score > worst.score()) {
            worstFirst.add(new Found(serial, index, score));
            if (worstFirst.size() > most) {
                worstFirst.remove();
            }
        }
    }

    List<Found> inOrder() {
        List<Found> found = new ArrayList<>(worstFirst);
        found.sort(ORDER);
        return found;
    }
}
