package dev.lastcall.management.telemetry;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Sends the last numbers of the process, which are raised when nothing can scrape them any more. All objects for it are made in the release: before,
 * the numbers are scraped. Optional, as the traces are.
 */
record MetricsRelease(Drain drain, ReleaseSteps steps, Destination destination, Resource resource)
        implements ReleaseStep {
    /** It collects when it is told to, and never by itself. */
    private static final Duration NEVER = Duration.ofDays(1);

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.TELEMETRY;
    }

    @Override
    public Duration timeout() {
        return TraceRelease.TIMEOUT;
    }

    @Override
    public boolean isOptional() {
        return true;
    }

    @Override
    public void release() throws TimeoutException {
        ExportWatch watch = new ExportWatch(Signal.METRICS);
        PeriodicMetricReader reader = PeriodicMetricReader.builder(new WatchedMetricExporter(exporter(), watch))
                .setInterval(NEVER)
                .build();
        SdkMeterProvider provider = SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(reader)
                .build();
        new LastMetrics(provider.get("dev.lastcall.drain")).of(drain.report(steps));
        watch.await(provider.forceFlush(), destination.limit());
    }

    private OtlpHttpMetricExporter exporter() {
        OtlpHttpMetricExporterBuilder exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(destination.address().toString())
                .setHeaders(destination::headers)
                .setCompression(destination.compression())
                .setTimeout(destination.limit())
                .setConnectTimeout(destination.limit())
                .setRetryPolicy(null);
        destination.certificate().map(Collector::bytes).ifPresent(exporter::setTrustedCertificates);
        return exporter.build();
    }
}
