package dev.lastcall.management.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;

/** An exporter of metrics whose exports are watched. Thread-safe. */
record WatchedMetricExporter(MetricExporter exporter, ExportWatch watch) implements MetricExporter {
    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
        return watch.watch(() -> exporter.export(metrics));
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
        return exporter.getAggregationTemporality(instrumentType);
    }
}
