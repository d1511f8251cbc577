package dev.lastcall.vectorstore;

import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The stores of a {@link VectorStorage}, and the search in them. */
interface StoreStorage {
    /**
     * Keeps a store.
     *
     * @param most stores of the tenant; beyond that a {@link VectorStoreRefusal} is thrown
     */
    void add(String tenant, VectorStore store, int most) throws SQLException;

    /** Newest first. */
    List<VectorStore> list(String tenant) throws SQLException;

    Optional<VectorStore> find(String tenant, String id) throws SQLException;

    boolean change(String tenant, String id, Optional<String> name, Optional<JsonObject> metadata) throws SQLException;

    boolean delete(String tenant, String id) throws SQLException;

    /**
     * The nearest chunks of files that are whole.
     *
     * @param query of length 1
     */
    List<SearchHit> search(String tenant, String store, float[] query, AttributeFilter filter, int most)
            throws SQLException;
}
