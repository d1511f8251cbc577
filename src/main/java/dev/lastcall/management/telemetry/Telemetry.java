package dev.lastcall.management.telemetry;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.fleet.Identity;
import io.opentelemetry.sdk.resources.Resource;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/** Switches the drain's trace and its last metrics on, where there is a collector. Without one, no class of OpenTelemetry's is loaded. */
@Singleton
@Startup
final class Telemetry {
    Telemetry(TelemetryConfig config, Config values, Identity identity, Drain drain, ReleaseSteps steps) {
        OtelVariables variables = new OtelVariables(values);
        Optional<Destination> traces = Destination.of(Signal.TRACES, config, variables);
        Optional<Destination> metrics = Destination.of(Signal.METRICS, config, variables);
        if (traces.isPresent() || metrics.isPresent()) {
            variables.warnOfUnused();
            Resource resource = TelemetryResource.of(config, variables, identity);
            // The last registered is released first: the trace has the step that sends the metrics.
            traces.ifPresent(destination ->
                    trace(drain, steps, new Collector(destination, resource, TraceSampler.of(variables))));
            metrics.ifPresent(destination -> steps.register(new MetricsRelease(drain, steps, destination, resource)));
        }
    }

    private static void trace(Drain drain, ReleaseSteps steps, Collector collector) {
        DrainTrace trace = new DrainTrace(collector.tracer());
        drain.subscribeUndone(report -> {
            List<Note> notes = report.drain().notes();
            trace.write(
                    notes,
                    List.of(),
                    report.drain().totals(),
                    notes.get(notes.size() - 1).at());
        });
        steps.register(new TraceRelease(drain, steps, trace, collector));
    }
}
