package dev.lastcall.vectorstore;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.StatusTable;
import dev.lastcall.embedding.EmbeddingModels;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The vector stores, put together. Without an embedding model nothing of it runs. */
@Dependent
final class VectorStoreBeans {
    private static final Logger LOG = Logger.getLogger(VectorStoreBeans.class);
    private static final int THREADS = 4;
    private static final int WAITING = 1000;
    private static final Duration RETRY = Duration.ofMillis(500);

    @Produces
    @Singleton
    VectorStorage storage(VectorStoreConfig config, InjectableInstance<AgroalDataSource> sources) {
        long memory = config.memory()
                .map(MemorySize::asLongValue)
                .orElseGet(() -> Runtime.getRuntime().maxMemory() / 4);
        return sources.listActive().stream()
                .findFirst()
                .<VectorStorage>map(source -> new PostgresStorage(source, memory))
                .orElseGet(() -> new InMemoryStorage(memory));
    }

    @Produces
    @Singleton
    Ingests ingests(
            VectorStorage storage, EmbeddingModels models, Drain drain, InFlight inFlight, VectorStoreConfig config) {
        return new Ingests(
                storage,
                models,
                drain,
                inFlight,
                new IngestSettings(config.maxIngests(), config.batch(), config.lease(), RETRY));
    }

    @Produces
    @Singleton
    VectorStores stores(
            VectorStorage storage, EmbeddingModels models, Ingests ingests, Drain drain, VectorStoreConfig config) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread made = new Thread(task, "lastcall-vector-store");
                    made.setDaemon(true);
                    return made;
                });
        threads.allowCoreThreadTimeOut(true);
        return new VectorStores(
                storage,
                models,
                ingests,
                drain,
                new VectorStoreLimits(
                        Math.toIntExact(config.maxFile().asLongValue()),
                        config.maxFiles(),
                        config.maxStores(),
                        config.embeddingModel()),
                threads);
    }

    /** Opens the storage and starts the ingests, after the migrations. */
    void start(
            @Observes @Priority(5000) StartupEvent started,
            EmbeddingModels models,
            VectorStorage storage,
            Ingests ingests,
            ReleaseSteps steps) {
        if (models.preferred().isPresent()) {
            open(storage);
            LOG.infof("vector stores: kept in %s", storage.kind());
            ingests.start();
            steps.register(new Release(ingests));
        }
    }

    private static void open(VectorStorage storage) {
        try {
            storage.open();
        } catch (SQLException e) {
            LOG.warnf(
                    "vector stores: PostgreSQL does not answer, so that pgvector is not looked for: %s",
                    e.getMessage());
        }
    }

    @Produces
    @Singleton
    StatusTable.Source status(VectorStorage storage, EmbeddingModels models, Ingests ingests) {
        return () -> new StatusTable(
                "Vector stores",
                List.of("kept in", "embedded by", "files under way"),
                models.preferred()
                        .map(model -> List.of(List.of(storage.kind(), model, String.valueOf(ingests.count()))))
                        .orElseGet(List::of));
    }

    private record Release(Ingests ingests) implements ReleaseStep {
        @Override
        public String name() {
            return "vector-store";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.VECTOR_STORE;
        }

        @Override
        public void release() throws InterruptedException {
            ingests.close();
        }

        @Override
        public String detail() {
            return ingests.count() == 0 ? "" : "abandoned-ingests=" + ingests.count();
        }
    }
}
