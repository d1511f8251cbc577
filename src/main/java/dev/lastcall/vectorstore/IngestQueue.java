package dev.lastcall.vectorstore;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The attached files of a {@link VectorStorage} that are still to be embedded, each claimed by one pod at a time. */
interface IngestQueue {
    /** Takes a file that nobody embeds, or whose pod has been silent for its lease. */
    Optional<IngestClaim> claim(Duration lease) throws SQLException;

    /**
     * Commits chunks, with the file's end where they are the last ones. Exactly once, however often it is called with the same.
     *
     * @param from the index of the first one
     * @param total of the file
     * @return false where the claim is not ours any more
     */
    boolean append(IngestClaim claim, int from, List<EmbeddedChunk> chunks, int total, Duration lease)
            throws SQLException;

    /** Keeps a claim while nothing can be committed yet; false where it is not ours any more. */
    boolean renew(IngestClaim claim, Duration lease) throws SQLException;

    /** Ends an ingest that cannot succeed. */
    void fail(IngestClaim claim, String error) throws SQLException;

    /** Gives a claim back at once, with what is committed of it. */
    void giveBack(IngestClaim claim) throws SQLException;
}
