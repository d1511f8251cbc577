package dev.lastcall.run.log;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a run that are set once.
 *
 * @param request what the model is asked, as JSON
 * @param endedAt null while it lives
 * @param handoffs the claims after the first, oldest first, as {@code seq:epoch:strategy}
 */
public record RunMeta(
        UUID id,
        String tenant,
        String wire,
        String request,
        boolean stored,
        Instant createdAt,
        @Nullable Instant endedAt,
        List<String> handoffs) {}
