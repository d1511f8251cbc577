package dev.lastcall.embedding;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.model.ModelFailure;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A model in this process, on a thread of its own behind a bounded queue. Loaded by the first text and unloaded in the release, where what it
 * took outside the heap is given back. Thread-safe.
 *
 * <ul>
 *   <li>A native call can be neither interrupted nor survived by what it works on: the release waits for the one under way, and where that
 *       outlasts its limit the model is left loaded, which the report says.
 *   <li>Loading failed: said to the requests that wait, and tried again with the next one.
 * </ul>
 */
final class InProcessModel implements EmbeddingModel, ReleaseStep {
    static final String NAME = "all-minilm-l6-v2";
    static final int DIMENSIONS = 384;
    private static final Logger LOG = Logger.getLogger(InProcessModel.class);

    private final Supplier<Encoder> loading;
    private final ThreadPoolExecutor thread;
    private final int queue;
    /** Held while the encoder works, is loaded or is closed. */
    private final ReentrantLock turn = new ReentrantLock();

    private @Nullable Encoder encoder;
    private volatile boolean closed;
    private volatile String detail = "not loaded";

    InProcessModel(Supplier<Encoder> loading, int queue) {
        this.loading = loading;
        this.queue = queue;
        thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(queue), task -> {
            Thread made = new Thread(task, "lastcall-embedding");
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** @throws ConfigurationException where it cannot be run here */
    static InProcessModel start(EmbeddingConfig config, ReleaseSteps steps) {
        if (System.getProperty("org.graalvm.nativeimage.imagecode") != null) {
            throw new ConfigurationException(
                    "lastcall.embedding.in-process: true (expected: false in a native executable,"
                            + " which cannot load the model; set lastcall.embedding.openai.base-url, or run on a JVM)");
        }
        ModelLibrary library;
        try {
            library = ModelLibrary.of(config.library().orElse(List.of(Path.of("embedding"))));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
        InProcessModel model = new InProcessModel(
                () -> new Encoder(library.tokenizer(), library.session(config.threads())), config.queue());
        steps.register(model);
        if (config.preload()) {
            model.preload();
        }
        return model;
    }

    private void preload() {
        try {
            embed(EmbeddingRequest.of(NAME, List.of("preload"))).join();
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "lastcall.embedding.preload: true (expected: a model that can be loaded: " + e.getMessage() + ")");
        }
    }

    @Override
    public CompletableFuture<Embedded> embed(EmbeddingRequest request) {
        if (request.dimensions().isPresent() && request.dimensions().getAsInt() != DIMENSIONS) {
            return CompletableFuture.failedFuture(ModelFailure.refused(
                    400,
                    "invalid_value",
                    "dimensions: " + request.dimensions().getAsInt() + " (expected: " + DIMENSIONS + ", or none; "
                            + NAME + " has no others)."));
        }
        CompletableFuture<Embedded> answer = new CompletableFuture<>();
        try {
            thread.execute(() -> encode(request, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(
                    closed
                            ? closing()
                            : ModelFailure.rateLimit("lastcall.embedding.queue = " + queue
                                    + " requests wait for the model already. Send the request again later."));
        }
        return answer;
    }

    private static ModelFailure closing() {
        return ModelFailure.refused(
                503, "server_error", "The embedding model is being unloaded. Send the request again.");
    }

    private void encode(EmbeddingRequest request, CompletableFuture<Embedded> answer) {
        turn.lock();
        try {
            if (answer.isDone()) {
                return;
            }
            if (closed) {
                throw closing();
            }
            answer.complete(loaded().encode(request.inputs()));
        } catch (RuntimeException | LinkageError e) {
            answer.completeExceptionally(
                    e instanceof ModelFailure
                            ? e
                            : ModelFailure.serverError("the embedding model failed: " + e.getMessage(), e));
        } finally {
            turn.unlock();
        }
    }

    private Encoder loaded() {
        Encoder ready = encoder;
        if (ready == null) {
            long start = System.nanoTime();
            long before = ResidentMemory.bytes();
            ready = loading.get();
            encoder = ready;
            LOG.infof(
                    "embedding model loaded model=%s took-ms=%d resident-bytes=%d",
                    NAME,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
                    Math.max(0, ResidentMemory.bytes() - before));
        }
        return ready;
    }

    @Override
    public String name() {
        return "embedding-model";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.EMBEDDING_MODEL;
    }

    @Override
    public Duration timeout() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void release() throws InterruptedException {
        closed = true;
        thread.shutdown();
        if (turn.isLocked()) {
            detail = "in a native call";
        }
        turn.lockInterruptibly();
        try {
            Encoder unloaded = encoder;
            encoder = null;
            if (unloaded == null) {
                detail = "not loaded";
                return;
            }
            long before = ResidentMemory.bytes();
            unloaded.close();
            ResidentMemory.trim();
            detail = "freed-bytes=" + Math.max(0, before - ResidentMemory.bytes());
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String detail() {
        return detail;
    }
}
