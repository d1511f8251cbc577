package dev.lastcall.rehearsal;

import dev.lastcall.rehearsal.cluster.RehearsalFailure;
import dev.lastcall.rehearsal.pod.PodAction;
import dev.lastcall.rehearsal.report.RehearsalResult;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries other numbers after a rehearsal, and says which of them lose nothing: a longer sleep in preStop where that can help, then the
 * shortest grace period in which every pod still went by itself. Each try is a rehearsal of one round.
 */
final class Advisor {
    private static final int MARGIN_SECONDS = 2;
    /** The least grace period in which the default stages of Lastcall's drain fit, in seconds. */
    private static final int LEAST_OWN_GRACE = 19;

    private final WrittenOptions options;
    private final ProgressLine progress;
    private final List<String> words = new ArrayList<>();

    Advisor(WrittenOptions options, ProgressLine progress) {
        this.options = options;
        this.progress = progress;
    }

    /** The options of a try, with its outcome. */
    private record Attempt(WrittenOptions options, RehearsalResult result) {}

    /** Returns what was tried and what to set, one line each. */
    List<String> advise(RehearsalPlan plan, RehearsalResult result) throws BadOption, InterruptedException {
        // The same delays in each try.
        WrittenOptions seeded =
                options.with("--seed", Long.toString(plan.withdrawal().seed()));
        Attempt best = new Attempt(seeded, result);
        boolean fixed = plan.template()
                .preStop()
                .filter(each -> !(each instanceof PodAction.Wait))
                .isPresent();
        if (result.lost() > 0 && !fixed) {
            best = longerSleep(plan, best);
        }
        if (best.result().lost() > 0) {
            words.add(
                    "advice: nothing that was tried loses nothing. "
                            + (fixed ? "Its preStop is its own and was kept. " : "")
                            + "The program has to end what it has begun when it gets SIGTERM, or be put behind Lastcall: --supervised");
            return words;
        }
        shortestGrace(best);
        return words;
    }

    /** Tries a sleep past the last withdrawal, then one past the slowest answer that may have begun until then. */
    private Attempt longerSleep(RehearsalPlan plan, Attempt first) throws BadOption, InterruptedException {
        long withdrawn = seconds(plan.withdrawal().to()) + 1;
        long answered = withdrawn + seconds(first.result().ledger().longest());
        Attempt best = first;
        for (long sleep : answered > withdrawn ? new long[] {withdrawn, answered} : new long[] {withdrawn}) {
            long grace = Math.max(seconds(plan.template().grace()), sleep + MARGIN_SECONDS + 1);
            WrittenOptions changed =
                    first.options().with("--pre-stop", "sleep " + sleep).with("--grace", grace + "s");
            Optional<Attempt> attempt = attempt(changed, "preStop sleep " + sleep + ", grace " + grace + "s");
            if (attempt.isPresent() && attempt.get().result().lost() == 0) {
                return attempt.get();
            }
            best = attempt.orElse(best);
        }
        return best;
    }

    private void shortestGrace(Attempt best) throws BadOption, InterruptedException {
        boolean own = !options.has("--command") || options.has("--supervised");
        long needed = Math.max(seconds(best.result().longestEnd()) + MARGIN_SECONDS, own ? LEAST_OWN_GRACE : 1);
        String preStop = best.options()
                .text("--pre-stop")
                .map(text -> "preStop " + text + ", ")
                .orElse("");
        Optional<Attempt> attempt =
                attempt(best.options().with("--grace", needed + "s"), preStop + "grace " + needed + "s");
        if (attempt.isPresent() && attempt.get().result().lost() == 0) {
            words.add("advice: " + preStop + "terminationGracePeriodSeconds of at least " + needed
                    + " loses nothing under this load; slower answers than the slowest here ("
                    + best.result().ledger().longest().toMillis() + " ms) need more");
        } else {
            words.add("advice: " + preStop + "grace as in the rehearsal that lost nothing; " + needed
                    + " s are too short");
        }
    }

    private Optional<Attempt> attempt(WrittenOptions changed, String name) throws BadOption, InterruptedException {
        RehearsalPlan plan = PlanReader.read(changed.with("--rounds", "1"), InputStream.nullInputStream());
        try {
            RehearsalResult result = Rehearse.run(plan, progress);
            words.add("tried " + name + ": " + result.lost() + " lost, the slowest pod went in "
                    + result.longestEnd().toMillis() / 1000.0 + " s");
            return Optional.of(new Attempt(changed, result));
        } catch (RehearsalFailure e) {
            words.add("tried " + name + ": " + e.words());
            return Optional.empty();
        }
    }

    private static long seconds(Duration duration) {
        return (duration.toMillis() + 999) / 1000;
    }
}
