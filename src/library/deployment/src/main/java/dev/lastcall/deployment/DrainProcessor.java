package dev.lastcall.deployment;

import dev.lastcall.shutdown.DrainRecorder;
import dev.lastcall.shutdown.DrainShutdownListener;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.ExcludedTypeBuildItem;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.AdditionalIndexedClassesBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.ShutdownContextBuildItem;
import io.quarkus.deployment.builditem.ShutdownListenerBuildItem;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Builds the drain into an application. */
final class DrainProcessor {
    private static final Logger LOG = Logger.getLogger(DrainProcessor.class);

    /** Beans of use only where the application has what they need; not in the index of the jar. */
    private static final Map<String, String> NEEDS = Map.of(
            "dev.lastcall.management.LibraryReadiness", "io.smallrye.health.api.AsyncHealthCheck",
            "dev.lastcall.management.DrainMetrics", "io.micrometer.core.instrument.binder.MeterBinder",
            "dev.lastcall.http.WorkerHold", "org.jboss.resteasy.reactive.server.ServerRequestFilter",
            "dev.lastcall.http.EndedExchangeFilter", "org.jboss.resteasy.reactive.server.ServerResponseFilter");

    /** Defaults that a drain needs and no application sets on purpose: a stuck worker costs 1 s instead of 10, no hook is dropped for its silence. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "quarkus.thread-pool.shutdown-timeout", "1s",
            "quarkus.thread-pool.shutdown-interrupt", "100ms",
            "quarkus.thread-pool.shutdown-check-interval", "1s",
            "quarkus.management.idle-timeout", "0",
            "quarkus.http.idle-timeout", "2H");

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem("lastcall-drain");
    }

    @BuildStep
    void addWhatIsNeeded(
            BuildProducer<AdditionalBeanBuildItem> beans,
            BuildProducer<AdditionalIndexedClassesBuildItem> indexed,
            BuildProducer<ExcludedTypeBuildItem> excluded) {
        NEEDS.forEach((bean, needed) -> {
            if (QuarkusClassLoader.isClassPresentAtRuntime(needed)) {
                beans.produce(AdditionalBeanBuildItem.unremovableOf(bean));
                indexed.produce(new AdditionalIndexedClassesBuildItem(bean));
            } else {
                // A workspace of several modules has classes instead of a jar, and all are indexed.
                excluded.produce(new ExcludedTypeBuildItem(bean));
            }
        });
    }

    @BuildStep
    void defaults(BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
        DEFAULTS.forEach((key, value) -> defaults.produce(new RunTimeConfigurationDefaultBuildItem(key, value)));
    }

    /** Not the event of {@code quarkus.shutdown.delay-enabled}, which an application may have set to false. */
    @BuildStep
    ShutdownListenerBuildItem drain() {
        boolean management = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.management.enabled", Boolean.class)
                .orElse(false);
        if (!management) {
            LOG.warn(
                    "quarkus.management.enabled is not true: the application gets no /drain/pre-stop for its preStop hook");
        }
        return new ShutdownListenerBuildItem(new DrainShutdownListener());
    }

    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    void exitCode(DrainRecorder recorder, ShutdownContextBuildItem shutdown) {
        recorder.decideExitCode(shutdown);
    }
}
