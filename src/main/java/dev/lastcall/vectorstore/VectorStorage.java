package dev.lastcall.vectorstore;

import java.sql.SQLException;

/**
 * The storage of files, stores and vectors. Every method of its parts blocks and throws {@link SQLException} where a database does not do its
 * part; what is of another tenant is not there. The parts are thread-safe.
 */
interface VectorStorage {
    /** Finds out what the database can do, once its tables are there. */
    default void open() throws SQLException {}

    /** Returns the name of its kind as in the log: {@code memory}, {@code postgresql}, {@code pgvector}. */
    String kind();

    /** Whether what it holds outlives this process. */
    boolean durable();

    FileStorage files();

    StoreStorage stores();

    AttachmentStorage attachments();

    IngestQueue ingests();
}
