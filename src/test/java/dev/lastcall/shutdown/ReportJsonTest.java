package dev.lastcall.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Report;
import dev.lastcall.drain.Time;
import dev.lastcall.drain.Trigger;
import dev.lastcall.drain.Work;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class ReportJsonTest {
    private static final int LIMIT = TerminationMessage.BYTES;

    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final ReleaseSteps steps = new ReleaseSteps();

    @Test
    void reportTellsWhatWasCutAndHowEachStepEnded() throws IOException {
        admit("/slow/{id}");
        register("fine", () -> {});
        register("broken", () -> {
            throw new IOException("no route");
        });
        JsonNode json = read(ReportJson.of(drainedByForce(), 1).toString());
        assertThat(json.get("exit-code").asInt()).isEqualTo(1);
        assertThat(json.get("cut").asInt()).isEqualTo(1);
        assertThat(json.at("/cut-by-class/unary").asInt()).isEqualTo(1);
        assertThat(json.at("/cuts/0/path").asText()).isEqualTo("/slow/{id}");
        assertThat(json.at("/cuts/0/class").asText()).isEqualTo("unary");
        assertThat(json.at("/cuts/0/age-ms").asLong()).isEqualTo(25_000);
        assertThat(json.at("/release/0/outcome").asText()).isEqualTo("failed");
        assertThat(json.at("/release/0/cause").asText()).isEqualTo("java.io.IOException: no route");
        assertThat(json.at("/release/1/outcome").asText()).isEqualTo("released");
        assertThat(json.findValuesAsText("stage"))
                .startsWith("lame-duck", "draining", "cancelling", "drained", "releasing");
        assertThat(json.at("/stages/0/lasted-ms").asLong()).isEqualTo(10_000);
        assertThat(json.at("/timeline/0/detail").asText()).isEqualTo("sigterm");
    }

    @Test
    void shortenedReportIsValidAndLosesTheNamesOfCutsFirst() throws IOException {
        for (int i = 0; i < 40; i++) {
            admit("/" + "ü".repeat(79));
        }
        register("postgresql", () -> {});
        String shortened = ReportJson.of(drainedByForce(), 1).within(LIMIT);
        assertThat(shortened.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LIMIT);
        JsonNode json = read(shortened);
        assertThat(json.get("shortened").asBoolean()).isTrue();
        assertThat(json.get("cut").asInt()).isEqualTo(40);
        assertThat(json.get("cuts")).isNotEmpty().hasSizeLessThan(16);
        assertThat(json.get("release")).hasSize(1);
        assertThat(json.get("timeline").size()).isGreaterThan(4);
    }

    @Test
    void reportOfHundredsOfStepsStillFits() throws IOException {
        for (int i = 0; i < 300; i++) {
            register("step-" + i, () -> {
                throw new IOException("y".repeat(1000));
            });
        }
        String shortened = ReportJson.of(drainedByForce(), 1).within(LIMIT);
        assertThat(shortened.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(LIMIT);
        assertThat(read(shortened).get("exit-code").asInt()).isEqualTo(1);
    }

    @Test
    void reportThatFitsIsWhole() throws IOException {
        Report report = drainedByForce();
        assertThat(ReportJson.of(report, 0).within(LIMIT))
                .isEqualTo(ReportJson.of(report, 0).toString())
                .doesNotContain("shortened");
    }

    private Report drainedByForce() {
        drain.trigger(Trigger.SIGTERM);
        time.advance(Duration.ofSeconds(25));
        assertThat(drain.beginRelease()).isTrue();
        steps.release(ReleaseStage.APPLICATION, () -> Duration.ofSeconds(20));
        drain.stopped();
        return drain.report(steps);
    }

    private void admit(String path) {
        Admission admission = inFlight.admit(new Request(path), EntryClass.UNARY, true);
        assertThat(admission).isInstanceOf(dev.lastcall.drain.Entry.class);
    }

    private void register(String name, Action action) {
        steps.register(new ReleaseStep() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void release() throws Exception {
                action.run();
            }
        });
    }

    private static JsonNode read(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    private interface Action {
        void run() throws Exception;
    }

    private record Request(String path) implements Work {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public void cut() {}
    }

    /** A clock that runs due actions when the test advances it. */
    private static final class FakeTime implements Time {
        private record Due(long at, Runnable action) {}

        private final PriorityQueue<Due> pending = new PriorityQueue<>(Comparator.comparingLong(Due::at));
        private long now;

        void advance(Duration duration) {
            long end = now + duration.toNanos();
            for (Due next = pending.peek(); next != null && next.at() <= end; next = pending.peek()) {
                now = Math.max(now, next.at());
                pending.remove(next);
                next.action().run();
            }
            now = end;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public Alarm schedule(Duration delay, Runnable action) {
            Due due = new Due(now + delay.toNanos(), action);
            pending.add(due);
            return () -> pending.remove(due);
        }
    }
}
