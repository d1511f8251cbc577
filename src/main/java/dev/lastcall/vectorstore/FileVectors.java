package dev.lastcall.vectorstore;

import dev.lastcall.embedding.UnitVectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The vectors of a file's chunks one behind the other, each of length 1. */
final class FileVectors {
    private final float[] values;
    private final int dimensions;

    /** @param values not to be changed */
    FileVectors(float[] values, int dimensions) {
        this.values = values;
        this.dimensions = dimensions;
    }

    int dimensions() {
        return dimensions;
    }

    static FileVectors of(List<float[]> vectors) {
        int dimensions = vectors.isEmpty() ? 0 : vectors.get(0).length;
        float[] values = new float[vectors.size() * dimensions];
        for (int i = 0; i < vectors.size(); i++) {
            System.arraycopy(vectors.get(i), 0, values, i * dimensions, dimensions);
        }
        return new FileVectors(values, dimensions);
    }

    int chunks() {
        return dimensions == 0 ? 0 : values.length / dimensions;
    }

    long bytes() {
        return 4L * values.length;
    }

    /** The cosine with a vector of length 1. */
    float score(float[] query, int chunk) {
        return UnitVectors.product(query, values, chunk * dimensions);
    }

    static byte[] bytes(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }

    static float[] vector(byte[] bytes) {
        float[] vector = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }
}
