package dev.lastcall.http;

import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The refusals of this seat by path. Thread-safe. */
@Singleton
final class RefusalFormats {
    private record Known(RefusalFormat format, Refusal refusal) {}

    private final List<Known> known;

    RefusalFormats(@All List<RefusalFormat> formats) {
        known = formats.stream()
                .map(format -> new Known(format, Refusal.of(format)))
                .toList();
    }

    Refusal of(@Nullable String path) {
        if (path != null) {
            for (Known one : known) {
                if (one.format.appliesTo(path)) {
                    return one.refusal;
                }
            }
        }
        return Refusal.PROBLEM;
    }
}
