package dev.lastcall.management.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exporter that remembers how its last export ended: a flush of OpenTelemetry's processor succeeds also where the collector answered 503,
 * or is not there. Thread-safe.
 */
final class WatchedExporter implements SpanExporter {
    private static final String UNANSWERED = "no answer in time";

    private final SpanExporter exporter;
    private volatile @Nullable String failure;

    WatchedExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    /** Why the last export failed: {@code 503}, or the words of the connection; empty where it did not. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        // The processor has a time limit of its own, and takes an export that is still under way then for done.
        failure = UNANSWERED;
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> failure = result.isSuccess() ? null : why(result.getFailureThrowable()));
    }

    private static String why(@Nullable Throwable thrown) {
        if (thrown instanceof HttpExportException refused && refused.getResponse() != null) {
            return Integer.toString(refused.getResponse().statusCode());
        }
        Throwable cause = thrown;
        while (cause != null && cause.getCause() != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause == null ? "no reason given" : cause.toString();
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
