package dev.lastcall.management.telemetry;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.fleet.Identity;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Switches the drain's trace on, where there is a collector for it. Where there is none, no class of OpenTelemetry's is loaded. */
@Singleton
@Startup
final class Telemetry {
    Telemetry(TelemetryConfig config, Config values, Identity identity, Drain drain, ReleaseSteps steps) {
        Destination.of(config, values).ifPresent(destination -> {
            Collector collector = Collector.at(destination, identity);
            DrainTrace trace = new DrainTrace(collector.tracer());
            drain.subscribeUndone(report -> {
                List<Note> notes = report.drain().notes();
                trace.write(notes, List.of(), notes.get(notes.size() - 1).at());
            });
            steps.register(new TraceRelease(drain, steps, trace, collector));
        });
    }
}
