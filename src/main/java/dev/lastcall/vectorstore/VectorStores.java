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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.logging.Logger;

/**
 * The files and vector stores of all tenants, as the wires ask for them. What is another tenant's is not there. Answers come on threads of
 * its own, and fail with a {@link VectorStoreRefusal}, or with the model's failure. Thread-safe.
 */
public final class VectorStores {
    private static final Logger LOG = Logger.getLogger(VectorStores.class);

    private final VectorStorage storage;
    private final EmbeddingModels models;
    private final Ingests ingests;
    private final Drain drain;
    private final VectorStoreLimits limits;
    private final Executor threads;

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
        this.threads = threads;
    }

    /** The longest file, in bytes. */
    public int maxFile() {
        return limits.maxFile();
    }

    @FunctionalInterface
    private interface Asked<T> {
        T ask() throws SQLException;
    }

    private <T> CompletionStage<T> ask(Asked<T> asked) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(asked.ask());
                } catch (SQLException e) {
                    LOG.warnf("vector stores: PostgreSQL does not answer: %s", e.getMessage());
                    answer.completeExceptionally(VectorStoreRefusal.unavailable());
                } catch (RuntimeException | Error e) {
                    // An error too: else the client would wait for its answer until the drain.
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(VectorStoreRefusal.busy());
        }
        return answer;
    }

    /** The same for what makes work that this pod could not finish. */
    private <T> CompletionStage<T> change(Asked<T> asked) {
        DrainState state = drain.state();
        return state == DrainState.SERVING || state == DrainState.LAME_DUCK
                ? ask(asked)
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
            storage.addFile(tenant, file, text, limits.maxFiles());
            return file;
        });
    }

    /** The tenant's files, newest first. */
    public CompletionStage<List<StoredFile>> files(String tenant) {
        return ask(() -> storage.files(tenant));
    }

    /** One file. */
    public CompletionStage<Optional<StoredFile>> file(String tenant, String id) {
        return ask(() -> storage.file(tenant, id));
    }

    /** A file's text. */
    public CompletionStage<Optional<String>> text(String tenant, String id) {
        return ask(() -> storage.text(tenant, id));
    }

    /** Deletes a file, in stores too; false where there is none. */
    public CompletionStage<Boolean> deleteFile(String tenant, String id) {
        return ask(() -> storage.deleteFile(tenant, id));
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
                if (storage.file(tenant, file).isEmpty()) {
                    return Optional.empty();
                }
            }
            storage.addStore(tenant, store, limits.maxStores());
            for (String file : files) {
                storage.attach(tenant, store.id(), file, new JsonObject(), chunking);
            }
            ingests.look();
            return storage.store(tenant, store.id());
        });
    }

    /** The tenant's stores, newest first. */
    public CompletionStage<List<VectorStore>> stores(String tenant) {
        return ask(() -> storage.stores(tenant));
    }

    /** One store. */
    public CompletionStage<Optional<VectorStore>> store(String tenant, String id) {
        return ask(() -> storage.store(tenant, id));
    }

    /** Changes what is given of a store. */
    public CompletionStage<Optional<VectorStore>> changeStore(
            String tenant, String id, Optional<String> name, Optional<JsonObject> metadata) {
        return ask(
                () -> storage.changeStore(tenant, id, name, metadata) ? storage.store(tenant, id) : Optional.empty());
    }

    /** Deletes a store; its files stay. */
    public CompletionStage<Boolean> deleteStore(String tenant, String id) {
        return ask(() -> storage.deleteStore(tenant, id));
    }

    /** Attaches a file to a store, and has it embedded; empty where the store or the file does not exist. */
    public CompletionStage<Optional<AttachedFile>> attach(
            String tenant, String store, String file, JsonObject attributes, Chunking chunking) {
        return change(() -> {
            if (!storage.attach(tenant, store, file, attributes, chunking)) {
                return Optional.empty();
            }
            ingests.look();
            return find(tenant, store, file);
        });
    }

    private Optional<AttachedFile> find(String tenant, String store, String file) throws SQLException {
        return storage.attached(tenant, store).stream()
                .filter(each -> each.file().equals(file))
                .findFirst();
    }

    /** The files of a store, newest first; empty where there is no such store. */
    public CompletionStage<Optional<List<AttachedFile>>> attached(String tenant, String store) {
        return ask(() -> storage.store(tenant, store).isEmpty()
                ? Optional.empty()
                : Optional.of(storage.attached(tenant, store)));
    }

    /** One of them. */
    public CompletionStage<Optional<AttachedFile>> attachedFile(String tenant, String store, String file) {
        return ask(() -> find(tenant, store, file));
    }

    /** Changes the attributes of an attached file. */
    public CompletionStage<Optional<AttachedFile>> changeAttributes(
            String tenant, String store, String file, JsonObject attributes) {
        return ask(() -> storage.changeAttributes(tenant, store, file, attributes)
                ? find(tenant, store, file)
                : Optional.empty());
    }

    /** Takes a file out of a store. */
    public CompletionStage<Boolean> detach(String tenant, String store, String file) {
        return ask(() -> storage.detach(tenant, store, file));
    }

    /** The texts of a file's chunks; empty where it is not attached. */
    public CompletionStage<Optional<List<String>>> chunks(String tenant, String store, String file) {
        return ask(() -> find(tenant, store, file).isEmpty()
                ? Optional.empty()
                : Optional.of(storage.chunks(tenant, store, file)));
    }

    /** The nearest chunks, best first; empty where there is no such store. */
    public CompletionStage<Optional<List<SearchHit>>> search(String tenant, String store, SearchRequest request) {
        return store(tenant, store)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : models.embed(EmbeddingRequest.of(found.get().model(), request.queries()))
                                .thenCompose(queries -> ask(() -> Optional.of(hits(tenant, store, request, queries)))));
    }

    private List<SearchHit> hits(String tenant, String store, SearchRequest request, Embedded queries)
            throws SQLException {
        Map<List<Object>, SearchHit> best = new HashMap<>();
        for (float[] vector : queries.vectors()) {
            float[] query = vector.clone();
            UnitVectors.normalise(query);
            for (SearchHit hit : storage.search(tenant, store, query, request.filter(), request.most())) {
                best.merge(
                        List.of(hit.file(), hit.index()),
                        hit,
                        (one, other) -> one.score() >= other.score() ? one : other);
            }
        }
        List<SearchHit> hits = new ArrayList<>(best.values());
        hits.sort(Comparator.comparingDouble(SearchHit::score)
                .reversed()
                .thenComparing(SearchHit::file)
                .thenComparingInt(SearchHit::index));
        return hits.stream()
                .map(VectorStores::scored)
                .filter(hit -> hit.score() >= request.threshold())
                .limit(request.most())
                .toList();
    }

    /** Texts that have nothing in common may have a cosine below zero. */
    private static SearchHit scored(SearchHit hit) {
        double score = Math.max(0, Math.min(1, hit.score()));
        return new SearchHit(hit.file(), hit.filename(), hit.attributes(), hit.index(), score, hit.text());
    }
}
