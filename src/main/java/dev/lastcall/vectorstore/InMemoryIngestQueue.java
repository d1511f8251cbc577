package dev.lastcall.vectorstore;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files to be embedded, on the heap. Its claims end with the process, so that no lease is needed. */
record InMemoryIngestQueue(InMemoryTables tables) implements IngestQueue {
    @Override
    public Optional<IngestClaim> claim(Duration lease) {
        synchronized (tables) {
            for (InMemoryStore store : tables.stores.values()) {
                for (InMemoryAttachment each : store.files.values()) {
                    InMemoryTables.Upload upload = tables.files.get(each.file.file());
                    if (upload != null && each.file.status() == AttachedFile.Status.IN_PROGRESS && !each.claimed) {
                        each.claimed = true;
                        each.epoch++;
                        return Optional.of(claim(each, store.model(), upload.text()));
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static IngestClaim claim(InMemoryAttachment claimed, String model, String text) {
        return new IngestClaim(
                claimed.file.store(),
                claimed.file.file(),
                claimed.serial,
                claimed.epoch,
                0,
                claimed.chunks.size(),
                claimed.file.chunking(),
                model,
                text);
    }

    /** The file of a claim; null where it was claimed again, or taken out. */
    private @Nullable InMemoryAttachment claimed(IngestClaim claim) {
        InMemoryStore store = tables.stores.get(claim.store());
        InMemoryAttachment found = store == null ? null : store.files.get(claim.file());
        boolean ours = found != null && found.serial == claim.serial() && found.epoch == claim.epoch();
        return ours ? found : null;
    }

    @Override
    public boolean append(IngestClaim claim, int from, List<EmbeddedChunk> chunks, int total, Duration lease) {
        synchronized (tables) {
            InMemoryAttachment found = claimed(claim);
            if (found == null) {
                return false;
            }
            if (found.chunks.size() == from) {
                if (!tables.take(InMemoryTables.size(chunks))) {
                    String why = InMemoryTables.LIMIT + " = " + tables.limit() + " bytes is reached";
                    found.become(AttachedFile.Status.FAILED, why);
                    return false;
                }
                found.chunks.addAll(chunks);
            }
            if (found.chunks.size() == total) {
                found.vectors = FileVectors.of(
                        found.chunks.stream().map(EmbeddedChunk::vector).toList());
                found.become(AttachedFile.Status.COMPLETED, null);
            } else {
                found.become(AttachedFile.Status.IN_PROGRESS, null);
            }
            return true;
        }
    }

    @Override
    public boolean renew(IngestClaim claim, Duration lease) {
        synchronized (tables) {
            return claimed(claim) != null;
        }
    }

    @Override
    public void fail(IngestClaim claim, String error) {
        synchronized (tables) {
            InMemoryAttachment found = claimed(claim);
            if (found != null) {
                found.become(AttachedFile.Status.FAILED, error);
            }
        }
    }

    @Override
    public void giveBack(IngestClaim claim) {
        synchronized (tables) {
            InMemoryAttachment found = claimed(claim);
            if (found != null) {
                found.claimed = false;
            }
        }
    }
}
