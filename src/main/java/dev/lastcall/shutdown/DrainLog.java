package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Note;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs one line for each change of the drain. */
@Singleton
final class DrainLog {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.drain");

    private final Drain drain;
    private final InFlight inFlight;

    DrainLog(Drain drain, InFlight inFlight) {
        this.drain = drain;
        this.inFlight = inFlight;
    }

    void follow() {
        drain.subscribe(this::noted);
    }

    private void noted(Note note) {
        String state = note.state().key();
        switch (note.event()) {
            case TRIGGER ->
                LOG.infof(
                        "drain triggered trigger=%s state=%s in-flight=%d%s",
                        note.detail(),
                        state,
                        inFlight.count(),
                        asked(drain.view().request()));
            case STATE ->
                LOG.infof("drain state=%s lasted=%s in-flight=%d", state, seconds(note.lasted()), inFlight.count());
            case UNDRAIN -> LOG.infof("undrained: %s state=%s", note.detail(), state);
            case WARNING -> LOG.warnf("%s state=%s", note.detail(), state);
        }
    }

    /** Quotes of the asker's cannot end the text: they are doubled. */
    private static String asked(@Nullable DrainRequest request) {
        if (request == null) {
            return "";
        }
        String reason = request.reason();
        return " asked-by=" + request.askedBy()
                + (reason == null ? "" : " reason=\"" + reason.replace("\"", "\"\"") + "\"");
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3fs", duration.toNanos() / 1e9);
    }
}
