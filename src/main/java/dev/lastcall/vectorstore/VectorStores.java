package dev.lastcall.vectorstore;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainState;
import dev.lastcall.embedding.Embedded;
import dev.lastcall.embedding.EmbeddingModels;
import dev.lastcall.embedding.EmbeddingRequest;
import dev.lastcall.embedding.UnitVectors;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The files and vector stores of all tenants, as the wires ask for them. What is another tenant's is not there. Answers come on threads of
 * its own, and fail with a {@link VectorStoreRefusal}, or with the model's failure. Thread-safe.
 */
public final class VectorStores {
    private final VectorStorage storage;
    private final EmbeddingModels models;
    private final Ingests ingests;
    private final Drain drain;
    private final VectorStoreLimits limits;
    private final StorageCalls calls;

    VectorStores(
            VectorStorage storage,
            EmbeddingModels models,
            Ingests ingests,
            Drain drain,
            VectorStoreLimits limits,
            Executor threads) {
        this.storage = storage;
        this.models = models;
        this.ingests = ingests;
        this.drain = drain;
        this.limits = limits;
        calls = new StorageCalls(threads);
    }

    /** The longest file, in bytes. */
    public int maxFile() {
        return limits.maxFile();
    }

    /** Refused in a drain: it makes work that this pod could not finish. */
    private <T> CompletionStage<T> change(StorageCalls.Call<T> call) {
        DrainState state = drain.state();
        return state == DrainState.SERVING || state == DrainState.LAME_DUCK
                ? calls.run(call)
                : CompletableFuture.failedFuture(VectorStoreRefusal.draining());
    }

    private static String id(String prefix) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return prefix + HexFormat.of().formatHex(random);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Keeps a file. */
    public CompletionStage<StoredFile> upload(String tenant, String filename, String purpose, String text, long bytes) {
        StoredFile file = new StoredFile(id("file-"), filename, purpose, bytes, now());
        return change(() -> {
            storage.files().add(tenant, file, text, limits.maxFiles());
            return file;
        });
    }

    /** The tenant's files, newest first. */
    public CompletionStage<List<StoredFile>> files(String tenant) {
        return calls.run(() -> storage.files().list(tenant));
    }

    /** One file. */
    public CompletionStage<Optional<StoredFile>> file(String tenant, String id) {
        return calls.run(() -> storage.files().find(tenant, id));
    }

    /** A file's text. */
    public CompletionStage<Optional<String>> text(String tenant, String id) {
        return calls.run(() -> storage.files().text(tenant, id));
    }

    /** Deletes a file, in stores too; false where there is none. */
    public CompletionStage<Boolean> deleteFile(String tenant, String id) {
        return calls.run(() -> storage.files().delete(tenant, id));
    }

    /**
     * Makes a store of files.
     *
     * @return empty where one of the files does not exist; then there is no store
     */
    public CompletionStage<Optional<VectorStore>> create(
            String tenant, String name, JsonObject metadata, List<String> files, Chunking chunking) {
        Optional<String> model = limits.model().or(models::preferred);
        if (model.isEmpty()) {
            return CompletableFuture.failedFuture(VectorStoreRefusal.noModel());
        }
        Instant now = now();
        VectorStore store = new VectorStore(id("vs_"), name, metadata, model.get(), now, now, 0, FileCounts.NONE);
        return change(() -> {
            for (String file : files) {
                if (storage.files().find(tenant, file).isEmpty()) {
                    return Optional.empty();
                }
            }
            storage.stores().add(tenant, store, limits.maxStores());
            for (String file : files) {
                storage.attachments().attach(tenant, store.id(), file, new JsonObject(), chunking);
            }
            ingests.look();
            return storage.stores().find(tenant, store.id());
        });
    }

    /** The tenant's stores, newest first. */
    public CompletionStage<List<VectorStore>> stores(String tenant) {
        return calls.run(() -> storage.stores().list(tenant));
    }

    /** One store. */
    public CompletionStage<Optional<VectorStore>> store(String tenant, String id) {
        return calls.run(() -> storage.stores().find(tenant, id));
    }

    /** Changes what is given of a store. */
    public CompletionStage<Optional<VectorStore>> changeStore(
            String tenant, String id, Optional<String> name, Optional<JsonObject> metadata) {
        return calls.run(() -> storage.stores().change(tenant, id, name, metadata)
                ? storage.stores().find(tenant, id)
                : Optional.empty());
    }

    /** Deletes a store; its files stay. */
    public CompletionStage<Boolean> deleteStore(String tenant, String id) {
        return calls.run(() -> storage.stores().delete(tenant, id));
    }

    /** Attaches a file to a store, and has it embedded; empty where the store or the file does not exist. */
    public CompletionStage<Optional<AttachedFile>> attach(
            String tenant, String store, String file, JsonObject attributes, Chunking chunking) {
        return change(() -> {
            if (!storage.attachments().attach(tenant, store, file, attributes, chunking)) {
                return Optional.empty();
            }
            ingests.look();
            return find(tenant, store, file);
        });
    }

    private Optional<AttachedFile> find(String tenant, String store, String file) throws SQLException {
        return storage.attachments().list(tenant, store).stream()
                .filter(each -> each.file().equals(file))
                .findFirst();
    }

    /** The files of a store, newest first; empty where there is no such store. */
    public CompletionStage<Optional<List<AttachedFile>>> attached(String tenant, String store) {
        return calls.run(() -> storage.stores().find(tenant, store).isEmpty()
                ? Optional.empty()
                : Optional.of(storage.attachments().list(tenant, store)));
    }

    /** Returns one attached file of a store. */
    public CompletionStage<Optional<AttachedFile>> attachedFile(String tenant, String store, String file) {
        return calls.run(() -> find(tenant, store, file));
    }

    /** Changes the attributes of an attached file. */
    public CompletionStage<Optional<AttachedFile>> changeAttributes(
            String tenant, String store, String file, JsonObject attributes) {
        return calls.run(() -> storage.attachments().changeAttributes(tenant, store, file, attributes)
                ? find(tenant, store, file)
                : Optional.empty());
    }

    /** Takes a file out of a store. */
    public CompletionStage<Boolean> detach(String tenant, String store, String file) {
        return calls.run(() -> storage.attachments().detach(tenant, store, file));
    }

    /** The texts of a file's chunks; empty where it is not attached. */
    public CompletionStage<Optional<List<String>>> chunks(String tenant, String store, String file) {
        return calls.run(() -> find(tenant, store, file).isEmpty()
                ? Optional.empty()
                : Optional.of(storage.attachments().chunks(tenant, store, file)));
    }

    /** The nearest chunks, best first; empty where there is no such store. */
    public CompletionStage<Optional<List<SearchHit>>> search(String tenant, String store, SearchRequest request) {
        return store(tenant, store)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : models.embed(EmbeddingRequest.of(found.get().model(), request.queries()))
                                .thenCompose(queries ->
                                        calls.run(() -> Optional.of(hits(tenant, store, request, queries)))));
    }

    private List<SearchHit> hits(String tenant, String store, SearchRequest request, Embedded queries)
            throws SQLException {
        List<SearchHit> found = new ArrayList<>();
        for (float[] vector : queries.vectors()) {
            float[] query = vector.clone();
            UnitVectors.normalise(query);
            found.addAll(storage.stores().search(tenant, store, query, request.filter(), request.most()));
        }
        return HitRanking.rank(found, request);
    }
}
