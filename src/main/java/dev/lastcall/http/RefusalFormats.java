package dev.lastcall.http;

import dev.lastcall.problem.Problem;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The refusals of this seat by path. Thread-safe. */
@Singleton
public final class RefusalFormats {
    /** The one fault for which the same request may be sent again. */
    public static final int REQUEST_TIMEOUT = 408;

    private record Known(RefusalFormat format, Refusal refusal) {}

    /** An answer in the format of its path. */
    public record Answer(int status, String phrase, String mediaType, String body) {}

    private final List<Known> known;

    /** Takes all formats that the application has beans for. */
    public RefusalFormats(@All List<RefusalFormat> formats) {
        known = formats.stream()
                .map(format -> new Known(format, Refusal.of(format)))
                .toList();
    }

    Refusal of(@Nullable String path) {
        Known one = known(path);
        return one == null ? Refusal.PROBLEM : one.refusal;
    }

    /** The answer to a request that is refused for a fault of its own. */
    public Answer of(@Nullable String path, int status, String detail) {
        Problem problem = Problem.of(status, detail).retryable(status == REQUEST_TIMEOUT);
        Known one = known(path);
        return one == null
                ? new Answer(status, problem.title(), Problem.MEDIA_TYPE, problem.encode())
                : new Answer(status, problem.title(), one.format.mediaType(), one.format.body(status, detail));
    }

    private @Nullable Known known(@Nullable String path) {
        if (path != null) {
            for (Known one : known) {
                if (one.format.appliesTo(path)) {
                    return one;
                }
            }
        }
        return null;
    }
}
