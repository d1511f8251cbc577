package dev.lastcall.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** The ways in which a network may deliver the same bytes. They depend on the bytes alone, so that an input says everything. */
public final class Pieces {
    private static final int LONGEST = 12;

    private Pieces() {}

    /** Reads the bytes at once, singly and cut at random. Returns the result, which must be the same each time. */
    public static <T> T alike(byte[] input, Function<List<byte[]>, T> read) {
        return Patience.within(input, () -> {
            T whole = read.apply(List.of(input));
            assertThat(read.apply(cut(input, new Random(Arrays.hashCode(input)), LONGEST)))
                    .as("cut at random")
                    .isEqualTo(whole);
            assertThat(read.apply(cut(input, new Random(0), 1))).as("singly").isEqualTo(whole);
            return whole;
        });
    }

    private static List<byte[]> cut(byte[] input, Random random, int longest) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < input.length; ) {
            int to = Math.min(input.length, from + 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(input, from, to));
            from = to;
        }
        return pieces;
    }
}
