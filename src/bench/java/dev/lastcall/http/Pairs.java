package dev.lastcall.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.DoubleBinaryOperator;

/** Two variants measured in alternation, so that what else the machine does meets both alike. */
final class Pairs {
    private final List<Double> ours = new ArrayList<>();
    private final List<Double> theirs = new ArrayList<>();

    /** Every other pair begins with the other variant. */
    static Pairs measure(int count, Callable<Double> ours, Callable<Double> theirs) throws Exception {
        Pairs pairs = new Pairs();
        for (int i = 0; i < count; i++) {
            if (i % 2 == 0) {
                double first = ours.call();
                pairs.add(first, theirs.call());
            } else {
                double first = theirs.call();
                pairs.add(ours.call(), first);
            }
        }
        return pairs;
    }

    void add(double our, double their) {
        ours.add(our);
        theirs.add(their);
        System.out.printf(Locale.ROOT, "pair %d: %.2f %.2f%n", ours.size(), our, their);
    }

    boolean isEmpty() {
        return ours.isEmpty();
    }

    double ours() {
        return quantile(ours, 0.5);
    }

    double theirs() {
        return quantile(theirs, 0.5);
    }

    /** A quantile over the pairs of what the operator makes of each. */
    double of(DoubleBinaryOperator operator, double quantile) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            all.add(operator.applyAsDouble(ours.get(i), theirs.get(i)));
        }
        return quantile(all, quantile);
    }

    private static double quantile(List<Double> values, double quantile) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
    }
}
