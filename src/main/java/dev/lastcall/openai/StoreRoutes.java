package dev.lastcall.openai;

import io.vertx.core.http.HttpMethod;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The paths of embeddings, files and vector stores. */
@Singleton
final class StoreRoutes {
    private static final String FILES = "/v1/files";
    private static final String STORES = "/v1/vector_stores";
    private static final String STORE = STORES + "/:id";
    private static final String STORE_FILE = STORE + "/files/:file";

    /** The methods of each path. */
    static final Map<String, String> ALLOWED = Map.of(
            "/v1/embeddings",
            "POST",
            FILES,
            "GET, HEAD, POST",
            FILES + "/:id",
            "GET, HEAD, DELETE",
            FILES + "/:id/content",
            "GET, HEAD",
            STORES,
            "GET, HEAD, POST",
            STORE,
            "GET, HEAD, POST, DELETE",
            STORE + "/search",
            "POST",
            STORE + "/files",
            "GET, HEAD, POST",
            STORE_FILE,
            "GET, HEAD, POST, DELETE",
            STORE_FILE + "/content",
            "GET, HEAD");

    private final EmbeddingHandlers embeddings;
    private final FileHandlers files;
    private final VectorStoreHandlers stores;
    private final StoreFileHandlers attached;

    StoreRoutes(
            EmbeddingHandlers embeddings, FileHandlers files, VectorStoreHandlers stores, StoreFileHandlers attached) {
        this.embeddings = embeddings;
        this.files = files;
        this.stores = stores;
        this.attached = attached;
    }

    /** A route of a method; a GET is one of HEAD too. */
    @FunctionalInterface
    interface Routes {
        void add(HttpMethod method, String path, Function<Call, CompletionStage<Void>> action);

        /** Adds a GET and its HEAD. */
        default void read(String path, Function<Call, CompletionStage<Void>> action) {
            add(HttpMethod.GET, path, action);
            add(HttpMethod.HEAD, path, action);
        }

        /** Adds a POST. */
        default void post(String path, Function<Call, CompletionStage<Void>> action) {
            add(HttpMethod.POST, path, action);
        }

        /** Adds a DELETE. */
        default void delete(String path, Function<Call, CompletionStage<Void>> action) {
            add(HttpMethod.DELETE, path, action);
        }
    }

    void register(Routes routes) {
        routes.post("/v1/embeddings", embeddings::create);
        routes.post(FILES, files::upload);
        routes.read(FILES, files::list);
        routes.read(FILES + "/:id", files::get);
        routes.read(FILES + "/:id/content", files::content);
        routes.delete(FILES + "/:id", files::delete);
        routes.post(STORES, stores::create);
        routes.read(STORES, stores::list);
        routes.read(STORE, stores::get);
        routes.post(STORE, stores::change);
        routes.delete(STORE, stores::delete);
        routes.post(STORE + "/search", stores::search);
        routes.post(STORE + "/files", attached::attach);
        routes.read(STORE + "/files", attached::list);
        routes.read(STORE_FILE, attached::get);
        routes.post(STORE_FILE, attached::change);
        routes.delete(STORE_FILE, attached::delete);
        routes.read(STORE_FILE + "/content", attached::content);
    }
}
