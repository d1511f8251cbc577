package dev.lastcall.drain;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks with JMH's own arguments, then holds their figures against what the project promises. */
public final class Targets {
    private final Map<String, RunResult> results;

    private Targets(Collection<RunResult> results) {
        this.results = results.stream()
                .collect(Collectors.toMap(
                        result -> result.getParams().getBenchmark().replaceAll(".*\\.", ""), r -> r));
    }

    public static void main(String[] arguments) throws Exception {
        var options = new OptionsBuilder()
                .parent(new CommandLineOptions(arguments))
                .addProfiler(GCProfiler.class)
                .build();
        Targets targets = new Targets(new Runner(options).run());
        System.out.println();
        targets.lines().forEach(System.out::println);
    }

    private List<String> lines() {
        double bareAlone = figure("bareCountAlone", Targets::median);
        double bareOfTwo = figure("bareCountOfTwo", Targets::median);
        double ofTwo = figure("admitAndEndOfTwo", Targets::median);
        return List.of(
                String.format(Locale.ROOT, "%-50s %10.1f ns", "bare increment + decrement, 1 thread", bareAlone),
                String.format(Locale.ROOT, "%-50s %10.1f ns", "bare increment + decrement, 2 threads", bareOfTwo),
                String.format(Locale.ROOT, "%-50s %10.1f ns", "admit + end, 2 threads", ofTwo),
                line("admit + end, 1 thread", figure("admitAndEndAlone", Targets::median), 100, "ns"),
                line("admit + end over bare, 2 threads", ofTwo / bareOfTwo, 3, "times"),
                line("allocated by admit + end", figure("admitAndEndAlone", Targets::allocated), 96, "bytes"),
                line("retained by each of 100 000", figure("openEntries", Targets::retained), 96, "bytes"),
                line("cancel 100 000, cold, slowest", figure("cancel", Targets::slowest), 1000, "ms"),
                line("last end to DRAINED, p99", figure("lastEnd", Targets::percentile99), 1000, "µs"));
    }

    private static String line(String what, double figure, double target, String unit) {
        String verdict = Double.isNaN(figure) ? "not run" : figure <= target ? "met" : "MISSED";
        return String.format(Locale.ROOT, "%-50s %10.1f %-6s target <= %6.0f  %s", what, figure, unit, target, verdict);
    }

    private double figure(String benchmark, ToDoubleFunction<RunResult> reading) {
        RunResult result = results.get(benchmark);
        return result == null ? Double.NaN : reading.applyAsDouble(result);
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static double slowest(RunResult result) {
        return result.getPrimaryResult().getStatistics().getMax();
    }

    private static double percentile99(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(99);
    }

    private static double allocated(RunResult result) {
        return secondary(result, "gc.alloc.rate.norm");
    }

    private static double retained(RunResult result) {
        return secondary(result, "bytesOfEntry");
    }

    private static double secondary(RunResult result, String name) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(name))
                .mapToDouble(entry -> entry.getValue().getStatistics().getPercentile(50))
                .findFirst()
                .orElse(Double.NaN);
    }
}
