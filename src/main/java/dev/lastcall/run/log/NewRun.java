package dev.lastcall.run.log;

import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run to be made, with its first events.
 *
 * @param id of version 7, made by us, so that the insert may be sent again
 * @param wire which wire it came by: {@code native}, {@code responses}, {@code chat}
 * @param request what the model is asked, as JSON
 * @param key the client's idempotency key; null: none
 * @param hash of method, path and body; what a second request with the same key is compared by
 * @param stored whether its client may read it again later
 * @param deadline the latest end
 * @param status RUNNING: this pod owns it in epoch 1; QUEUED: any pod may claim it
 * @param rows seq from 0
 */
public record NewRun(
        UUID id,
        String tenant,
        String wire,
        String request,
        @Nullable String key,
        String hash,
        boolean stored,
        Instant createdAt,
        Instant deadline,
        RunStatus status,
        List<Row> rows) {
    /** The same run, which no other request means and whose client may not read it again. */
    public NewRun unclaimed() {
        return new NewRun(id, tenant, wire, request, null, "", false, createdAt, deadline, status, rows);
    }
}
