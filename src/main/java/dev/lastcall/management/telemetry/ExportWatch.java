package dev.lastcall.management.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of the last export of a signal: a flush of OpenTelemetry's processors succeeds also where the collector answered 503, or is not there.
 * Thread-safe.
 */
final class ExportWatch {
    private static final String UNANSWERED = "no answer in time";

    private final Signal signal;
    private volatile @Nullable String failure;

    ExportWatch(Signal signal) {
        this.signal = signal;
    }

    CompletableResultCode watch(Supplier<CompletableResultCode> export) {
        // The processor has a time limit of its own, and takes an export that is still under way then for done.
        failure = UNANSWERED;
        CompletableResultCode result = export.get();
        return result.whenComplete(() -> failure = result.isSuccess() ? null : why(result.getFailureThrowable()));
    }

    /** Waits for a flush, and fails where the collector did not take what was flushed. */
    void await(CompletableResultCode flush, Duration limit) throws TimeoutException {
        CompletableResultCode flushed = flush.join(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!flushed.isDone()) {
            throw new TimeoutException("the collector did not answer in " + limit);
        }
        String why = failure;
        if (why != null || !flushed.isSuccess()) {
            throw new IllegalStateException(
                    (why == null ? "" : why + ", ") + "the collector did not take the " + signal.word());
        }
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
}
