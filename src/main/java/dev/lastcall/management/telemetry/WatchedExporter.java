package dev.lastcall.management.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** An exporter of spans whose exports are watched. Thread-safe. */
record WatchedExporter(SpanExporter exporter, ExportWatch watch) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        return watch.watch(() -> exporter.export(spans));
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
