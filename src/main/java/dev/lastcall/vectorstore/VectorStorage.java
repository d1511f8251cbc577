package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where files, stores and vectors are kept. Every method blocks and throws {@link SQLException} where a database does not do its part; what is
 * of another tenant is not there. Thread-safe.
 */
interface VectorStorage {
    /** Finds out what the database can do, once its tables are there. */
    default void open() throws SQLException {}

    /** As in the log: {@code memory}, {@code postgresql}, {@code pgvector}. */
    String kind();

    /** Whether what it holds outlives this process. */
    boolean durable();

    void addFile(String tenant, StoredFile file, String text, int most) throws SQLException;

    /** Newest first. */
    List<StoredFile> files(String tenant) throws SQLException;

    Optional<StoredFile> file(String tenant, String id) throws SQLException;

    Optional<String> text(String tenant, String id) throws SQLException;

    /** Deletes a file, with what stores have of it. */
    boolean deleteFile(String tenant, String id) throws SQLException;

    void addStore(String tenant, VectorStore store, int most) throws SQLException;

    /** Newest first. */
    List<VectorStore> stores(String tenant) throws SQLException;

    Optional<VectorStore> store(String tenant, String id) throws SQLException;

    boolean changeStore(String tenant, String id, Optional<String> name, Optional<JsonObject> metadata)
            throws SQLException;

    boolean deleteStore(String tenant, String id) throws SQLException;

    /** Attaches a file of the tenant to a store of the tenant, unless it is attached already; false where one of them is not there. */
    boolean attach(String tenant, String store, String file, JsonObject attributes, Chunking chunking)
            throws SQLException;

    /** The files of a store, newest first. */
    List<AttachedFile> attached(String tenant, String store) throws SQLException;

    boolean changeAttributes(String tenant, String store, String file, JsonObject attributes) throws SQLException;

    boolean detach(String tenant, String store, String file) throws SQLException;

    /** The texts of an attached file's chunks. */
    List<String> chunks(String tenant, String store, String file) throws SQLException;

    /**
     * The nearest chunks of files that are whole.
     *
     * @param query of length 1
     */
    List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most)
            throws SQLException;

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
