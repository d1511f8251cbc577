package dev.lastcall.management.telemetry;

import dev.lastcall.fleet.Identity;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final String SCOPE = "dev.lastcall.drain";

    private final WatchedExporter exporter;
    private final SdkTracerProvider provider;

    Collector(SpanExporter destination, String serviceName, Identity identity) {
        Resource resource = Resource.getDefault().toBuilder()
                .put(AttributeKey.stringKey("service.name"), serviceName)
                .put(AttributeKey.stringKey("service.instance.id"), identity.instance())
                .put(AttributeKey.stringKey("k8s.pod.name"), identity.pod())
                .build();
        exporter = new WatchedExporter(destination);
        provider = SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setExporterTimeout(LIMIT)
                        .build())
                .build();
    }

    static Collector at(Destination destination, Identity identity) {
        SpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(destination.traces().toString())
                .setHeaders(destination::headers)
                .setTimeout(LIMIT)
                .setConnectTimeout(LIMIT)
                // Within the limit there is time for one attempt, and its answer says more than a second one that is
                // not waited for.
                .setRetryPolicy(null)
                .build();
        return new Collector(exporter, destination.serviceName(), identity);
    }

    Tracer tracer() {
        return provider.get(SCOPE);
    }

    /** Sends what is left, in at most {@link #LIMIT}. */
    void flush() throws TimeoutException {
        CompletableResultCode flushed = provider.forceFlush().join(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (!flushed.isDone()) {
            throw new TimeoutException("the collector did not answer in " + LIMIT);
        }
        exporter.failure().ifPresent(why -> {
            throw new IllegalStateException(why + ", the collector did not take the traces");
        });
        if (!flushed.isSuccess()) {
            throw new IllegalStateException("the collector did not take the traces");
        }
    }
}
