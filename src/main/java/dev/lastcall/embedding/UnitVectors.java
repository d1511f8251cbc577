package dev.lastcall.embedding;

/** Vectors of length 1, of which the cosine is the sum of products. */
public final class UnitVectors {
    private UnitVectors() {}

    /** Gives a vector the length 1; one of length 0 stays as it is. */
    public static void normalise(float[] vector) {
        double sum = 0;
        for (float each : vector) {
            sum += (double) each * each;
        }
        float length = (float) Math.sqrt(sum);
        for (int i = 0; length > 0 && i < vector.length; i++) {
            vector[i] /= length;
        }
    }

    /**
     * The sum of the products with a part of an array. In eight sums, since one would wait for each addition before the next.
     *
     * @param from where in {@code all} the other vector begins
     */
    public static float product(float[] one, float[] all, int from) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + 7 < one.length; i += 8) {
            a += one[i] * all[from + i];
            b += one[i + 1] * all[from + i + 1];
            c += one[i + 2] * all[from + i + 2];
            d += one[i + 3] * all[from + i + 3];
            e += one[i + 4] * all[from + i + 4];
            f += one[i + 5] * all[from + i + 5];
            g += one[i + 6] * all[from + i + 6];
            h += one[i + 7] * all[from + i + 7];
        }
        for (; i < one.length; i++) {
            a += one[i] * all[from + i];
        }
        return (a + b) + (c + d) + ((e + f) + (g + h));
    }
}
