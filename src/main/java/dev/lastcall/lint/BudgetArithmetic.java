package dev.lastcall.lint;

import dev.lastcall.lint.manifest.Stages;
import dev.lastcall.lint.manifest.WrittenDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The arithmetic of one workload's drain as a picture: when each stage ends at the latest, and when the kubelet kills. ASCII. */
final class BudgetArithmetic {
    private static final int WIDTH = 50;

    private final Stages stages;
    private final Duration kill;
    private final Duration longest;

    private BudgetArithmetic(Stages stages, Duration kill) {
        this.stages = stages;
        this.kill = kill;
        this.longest = kill.compareTo(stages.exit()) > 0 ? kill : stages.exit();
    }

    /** @param killSeconds the pod's {@code terminationGracePeriodSeconds} */
    static List<String> of(Stages stages, long killSeconds) {
        return new BudgetArithmetic(stages, Duration.ofSeconds(killSeconds)).lines();
    }

    private List<String> lines() {
        Duration lameDuck = stages.lameDuckMax();
        Duration cancel = later(stages.cancel(), lameDuck);
        Duration cut = later(stages.cut(), cancel);
        Duration exit = later(stages.exit(), cut);
        List<String> lines = new ArrayList<>();
        lines.add(stage("LAME_DUCK", Duration.ZERO, lameDuck, "lame-duck.max " + length(lameDuck)));
        lines.add(stage("DRAINING", lameDuck, cancel, "what is left, " + length(cancel.minus(lameDuck))));
        lines.add(stage(
                "CANCELLING", cancel, cut, "cancel-reserve " + length(stages.cancelReserve()) + "; preStop answers"));
        lines.add(stage("RELEASING", cut, exit, "release-reserve " + length(stages.releaseReserve()) + "; exit"));
        lines.add("  %-10s  %s!%s  T+%s  terminationGracePeriodSeconds %d"
                .formatted(
                        "SIGKILL",
                        " ".repeat(column(kill)),
                        " ".repeat(WIDTH - column(kill)),
                        bare(kill),
                        kill.toSeconds()));
        return lines;
    }

    private String stage(String name, Duration from, Duration to, String why) {
        int start = column(from);
        int end = column(to);
        return "  %-10s  %s%s%s   T+%s  %s"
                .formatted(name, " ".repeat(start), "=".repeat(end - start), " ".repeat(WIDTH - end), bare(to), why);
    }

    private int column(Duration instant) {
        if (longest.isZero()) {
            return 0;
        }
        long column = Math.round((double) WIDTH * instant.toMillis() / longest.toMillis());
        return (int) Math.max(0, Math.min(WIDTH, column));
    }

    /** Returns the later of two instants, so that stages that do not fit are drawn one after the other, past the kill. */
    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String length(Duration duration) {
        return WrittenDuration.seconds(duration);
    }

    private static String bare(Duration duration) {
        return length(duration).replace(" s", "");
    }
}
