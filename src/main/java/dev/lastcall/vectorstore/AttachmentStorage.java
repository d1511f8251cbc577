package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.List;

/** The files that are attached to stores of a {@link VectorStorage}. An attached file waits in the {@link IngestQueue} until it is embedded. */
interface AttachmentStorage {
    /** Attaches a file of the tenant to a store of the tenant, unless it is attached already; false where one of them is not there. */
    boolean attach(String tenant, String store, String file, JsonObject attributes, Chunking chunking)
            throws SQLException;

    /** The files of a store, newest first. */
    List<AttachedFile> list(String tenant, String store) throws SQLException;

    boolean changeAttributes(String tenant, String store, String file, JsonObject attributes) throws SQLException;

    boolean detach(String tenant, String store, String file) throws SQLException;

    /** The texts of an attached file's chunks. */
    List<String> chunks(String tenant, String store, String file) throws SQLException;
}
