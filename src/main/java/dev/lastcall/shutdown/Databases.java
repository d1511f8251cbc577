package dev.lastcall.shutdown;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.runtime.client.RedisClientRecorder;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import java.io.Closeable;

/** The release of the databases that Quarkus opened, where they are configured. */
@Dependent
final class Databases {
    void register(
            @Observes StartupEvent started,
            ReleaseSteps steps,
            InjectableInstance<AgroalDataSource> postgresql,
            InjectableInstance<ReactiveRedisDataSource> redis) {
        for (AgroalDataSource pool : postgresql.listActive()) {
            steps.register(new Close("postgresql", ReleaseStage.POSTGRESQL, pool::close));
        }
        if (!redis.listActive().isEmpty()) {
            steps.register(new Close("redis", ReleaseStage.REDIS, Databases::closeRedis));
        }
    }

    /**
     * Runs Quarkus' own clean-up of its Redis clients now. It forgets them, so that its later run has nothing to do; closing a client
     * through its bean instead makes that run close it again, which fails and is logged as an error.
     */
    private static void closeRedis() {
        new RedisClientRecorder(null).cleanup(new AtOnce());
    }

    private record Close(String name, ReleaseStage stage, Closeable resource) implements ReleaseStep {
        @Override
        public void release() throws Exception {
            resource.close();
        }
    }

    private static final class AtOnce implements ShutdownContext {
        @Override
        public void addShutdownTask(Runnable task) {
            task.run();
        }

        @Override
        public void addLastShutdownTask(Runnable task) {
            task.run();
        }
    }
}
