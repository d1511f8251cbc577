package dev.lastcall.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Twenty pods that are killed, twenty that cut requests, and five survivors who all look at once: every loss is in the numbers, once. */
record FleetLosses(Archive archive, String name, Silencer silencer) {
    private static final int PODS = 20;
    private static final int SURVIVORS = 5;

    /** Makes it look as if a process had been silent for longer than a minute. */
    interface Silencer {
        void silence(String instance) throws Exception;
    }

    void areAllCountedOnce() throws Exception {
        List<DrainCount> before = archive.sign(sign("before", "serving", DrainCount.NO_TRIGGER));
        for (int i = 0; i < PODS; i++) {
            // A half of them in a drain.
            ProcessSign killed = i % 2 == 0
                    ? sign("killed-" + i, "draining", "sigterm")
                    : sign("killed-" + i, "serving", DrainCount.NO_TRIGGER);
            archive.sign(killed);
            silencer.silence(killed.identity().instance());
            ProcessSign cut = sign("cut-" + i, "cancelling", "pre-stop");
            archive.sign(cut);
            archive.save(ended(cut.identity(), i + 1));
        }
        List<DrainCount> after = survivorsLookAtOnce();

        assertThat(sum(after, "sigterm", "lost") - sum(before, "sigterm", "lost"))
                .isEqualTo(PODS / 2);
        assertThat(sum(after, DrainCount.NO_TRIGGER, "lost") - sum(before, DrainCount.NO_TRIGGER, "lost"))
                .isEqualTo(PODS / 2);
        assertThat(sum(after, "pre-stop", "1") - sum(before, "pre-stop", "1")).isEqualTo(PODS);
        assertThat(cut(after) - cut(before)).isEqualTo(PODS * (PODS + 1) / 2);
        List<PastDrain> rows = archive.find(new HistoryQuery(null, null, 200)).stream()
                .filter(row -> row.pod().startsWith(name))
                .toList();
        assertThat(rows).hasSize(2 * PODS);
        assertThat(rows.stream().filter(row -> row.ending() == PastDrain.Ending.LOST))
                .hasSize(PODS);
    }

    private List<DrainCount> survivorsLookAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SURVIVORS);
        try {
            List<Callable<List<DrainCount>>> looks = new ArrayList<>();
            for (int i = 0; i < 3 * SURVIVORS; i++) {
                ProcessSign survivor = sign("survivor-" + i, "serving", DrainCount.NO_TRIGGER);
                looks.add(() -> archive.sign(survivor));
            }
            for (Future<List<DrainCount>> each : threads.invokeAll(looks, 60, TimeUnit.SECONDS)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        // PostgreSQL's statement answers with the sums as they were before it.
        archive.sign(sign("last", "serving", DrainCount.NO_TRIGGER));
        return archive.sign(sign("last", "serving", DrainCount.NO_TRIGGER));
    }

    private ProcessSign sign(String pod, String state, String trigger) {
        return new ProcessSign(new Identity(name + pod), 1, state, trigger, 1, Instant.now());
    }

    private static PastDrain ended(Identity identity, int cut) {
        JsonObject report = new JsonObject()
                .put("exit-code", 1)
                .put("triggers", List.of("pre-stop"))
                .put("cut", cut)
                .put("rejected", 1);
        Instant now = Instant.now();
        return new PastDrain(
                identity.pod(), identity.instance(), 1, PastDrain.Ending.ENDED, now.minusSeconds(20), now, report);
    }

    private static long sum(List<DrainCount> counts, String trigger, String exit) {
        return of(counts, trigger, exit).mapToLong(DrainCount::drains).sum();
    }

    private static long cut(List<DrainCount> counts) {
        return of(counts, "pre-stop", "1").mapToLong(DrainCount::cut).sum();
    }

    private static Stream<DrainCount> of(List<DrainCount> counts, String trigger, String exit) {
        return counts.stream()
                .filter(count -> count.trigger().equals(trigger) && count.exit().equals(exit));
    }
}
