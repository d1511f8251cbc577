package dev.lastcall.management.telemetry;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Sends spans to the OTLP collector from a thread of its own, so that the code that makes spans does not wait. Thread-safe. The exporter
 * finds its sender by the service loader, of which a native executable knows only what is registered.
 */
@RegisterForReflection(
        classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider",
        methods = false,
        fields = false)
final class Collector {
    private static final String SCOPE = "dev.lastcall.drain";

    private final ExportWatch watch = new ExportWatch(Signal.TRACES);
    private final SdkTracerProvider provider;
    private final Duration limit;

    Collector(Destination destination, Resource resource, Sampler sampler) {
        limit = destination.limit();
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(destination.address().toString())
                .setHeaders(destination::headers)
                .setCompression(destination.compression())
                .setTimeout(limit)
                .setConnectTimeout(limit)
                // Within the limit there is time for one attempt, and its answer says more than a second one that is
                // not waited for.
                .setRetryPolicy(null);
        destination.certificate().map(Collector::bytes).ifPresent(exporter::setTrustedCertificates);
        provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(sampler)
                .addSpanProcessor(BatchSpanProcessor.builder(new WatchedExporter(exporter.build(), watch))
                        .setExporterTimeout(limit)
                        .build())
                .build();
    }

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tracer tracer() {
        return provider.get(SCOPE);
    }

    /** Sends what is left, within the destination's limit. */
    void flush() throws TimeoutException {
        watch.await(provider.forceFlush(), limit);
    }
}
