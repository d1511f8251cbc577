package dev.lastcall.fleet;

import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.Report;
import dev.lastcall.shutdown.ReportJson;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes the report of a drain down as a past drain of this process. */
record DrainRecords(Identity identity) {

    /** A drain that was undone. */
    PastDrain undone(Report report) {
        DrainView whole = report.drain();
        Instant last = whole.notes().get(whole.notes().size() - 1).at();
        Instant start = Optional.ofNullable(whole.startedAt()).orElse(last);
        Instant end = latest(start, last, whole.notes());
        JsonObject json = new JsonObject(ReportJson.ofUndone(report).toString());
        return past(whole.generation(), PastDrain.Ending.UNDONE, start, end, json);
    }

    /** The drain that is just releasing; its exit code is what it will be unless a later step fails. */
    PastDrain ended(Report report) {
        Instant now = Instant.now();
        Instant start = Optional.ofNullable(report.drain().startedAt()).orElse(now);
        Instant end = latest(start, now, report.drain().notes());
        JsonObject json =
                new JsonObject(ReportJson.of(report, report.exitCode()).toString());
        return past(report.drain().generation(), PastDrain.Ending.ENDED, start, end, json);
    }

    /** A clock that was set back in a drain does not make it end before it began. */
    private static Instant latest(Instant start, Instant now, List<Note> notes) {
        Instant least =
                notes.isEmpty() ? start : start.plus(notes.get(notes.size() - 1).elapsed());
        return now.isBefore(least) ? least : now;
    }

    private PastDrain past(
            long generation, PastDrain.Ending ending, Instant startedAt, Instant endedAt, JsonObject report) {
        return new PastDrain(identity.pod(), identity.instance(), generation, ending, startedAt, endedAt, report);
    }
}
