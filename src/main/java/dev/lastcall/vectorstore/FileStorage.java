package dev.lastcall.vectorstore;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The uploaded files of a {@link VectorStorage}. */
interface FileStorage {
    /**
     * Keeps a file.
     *
     * @param most files of the tenant; beyond that a {@link VectorStoreRefusal} is thrown
     */
    void add(String tenant, StoredFile file, String text, int most) throws SQLException;

    /** Newest first. */
    List<StoredFile> list(String tenant) throws SQLException;

    Optional<StoredFile> find(String tenant, String id) throws SQLException;

    Optional<String> text(String tenant, String id) throws SQLException;

    /** Deletes a file, with what stores have of it. */
    boolean delete(String tenant, String id) throws SQLException;
}
