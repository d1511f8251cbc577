package dev.lastcall.management.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseOutcome;
import dev.lastcall.drain.ReleaseResult;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.Totals;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTraceTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final Kept kept = new Kept();
    private final DrainTrace trace = new DrainTrace(SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(kept))
            .build()
            .get("test"));

    @Test
    void drainIsOneTraceWithASpanForEachStageAndStep() {
        List<Note> notes = List.of(
                note(0, DrainState.SERVING, Note.Event.TRIGGER, "sigterm"),
                note(0, DrainState.LAME_DUCK, Note.Event.STATE, ""),
                note(2, DrainState.LAME_DUCK, Note.Event.WARNING, "overtaken"),
                note(10, DrainState.DRAINED, Note.Event.STATE, ""),
                note(11, DrainState.RELEASING, Note.Event.STATE, ""));
        var fine = result("redis", ReleaseStage.REDIS, new ReleaseOutcome.Released());
        var broken =
                result("index", ReleaseStage.APPLICATION, new ReleaseOutcome.Failed(new IllegalStateException("no")));

        trace.write(notes, List.of(broken, fine), new Totals(7, 2, 1, 3, 0, 0), START.plusSeconds(13));

        assertThat(kept.spans)
                .extracting(SpanData::getName)
                .containsExactlyInAnyOrder(
                        "drain", "lame-duck", "drained", "releasing", "release redis", "release index");
        assertThat(kept.spans)
                .extracting(SpanData::getTraceId)
                .containsOnly(span("drain").getTraceId());
        assertThat(span("drain").getParentSpanContext().isValid()).isFalse();
        assertThat(span("drain").getAttributes().get(AttributeKey.stringArrayKey("lastcall.triggers")))
                .containsExactly("sigterm");
        assertThat(span("drain").getAttributes().asMap())
                .containsEntry(AttributeKey.longKey("lastcall.served"), 7L)
                .containsEntry(AttributeKey.longKey("lastcall.rejected"), 2L)
                .containsEntry(AttributeKey.longKey("lastcall.cut"), 1L)
                .containsEntry(AttributeKey.longKey("lastcall.left"), 3L);
        assertThat(span("drain").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("drain").getEvents()).singleElement().extracting("name").isEqualTo("overtaken");
        assertThat(span("lame-duck").getParentSpanId()).isEqualTo(span("drain").getSpanId());
        assertThat(span("release redis").getParentSpanId())
                .isEqualTo(span("releasing").getSpanId());
        assertThat(seconds("drain")).containsExactly(0L, 13L);
        assertThat(seconds("lame-duck")).containsExactly(0L, 10L);
        assertThat(seconds("drained")).containsExactly(10L, 11L);
        assertThat(seconds("releasing")).containsExactly(11L, 13L);
        assertThat(seconds("release redis")).containsExactly(11L, 12L);
        assertThat(span("release index").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span("release redis").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void undoneDrainEndsWithItsUndoing() {
        trace.write(
                List.of(
                        note(0, DrainState.SERVING, Note.Event.TRIGGER, "operator"),
                        note(0, DrainState.LAME_DUCK, Note.Event.STATE, ""),
                        note(4, DrainState.SERVING, Note.Event.STATE, ""),
                        note(4, DrainState.SERVING, Note.Event.UNDRAIN, "undrained")),
                List.of(),
                new Totals(0, 0, 0, 0, 0, 0),
                START.plusSeconds(4));

        assertThat(kept.spans).extracting(SpanData::getName).containsExactlyInAnyOrder("drain", "lame-duck");
        assertThat(seconds("drain")).containsExactly(0L, 4L);
        assertThat(seconds("lame-duck")).containsExactly(0L, 4L);
    }

    private SpanData span(String name) {
        return kept.spans.stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<Long> seconds(String name) {
        long zero = TimeUnit.SECONDS.toNanos(START.getEpochSecond());
        return List.of(
                TimeUnit.NANOSECONDS.toSeconds(span(name).getStartEpochNanos() - zero),
                TimeUnit.NANOSECONDS.toSeconds(span(name).getEndEpochNanos() - zero));
    }

    private static ReleaseResult result(String name, ReleaseStage stage, ReleaseOutcome outcome) {
        return new ReleaseResult(name, stage, START.plusSeconds(11), Duration.ofSeconds(1), outcome, false);
    }

    private static Note note(long second, DrainState state, Note.Event event, String detail) {
        Duration elapsed = Duration.ofSeconds(second);
        return new Note(START.plus(elapsed), elapsed, 1, state, event, detail, Duration.ZERO);
    }

    private static final class Kept implements SpanExporter {
        final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> exported) {
            spans.addAll(exported);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
