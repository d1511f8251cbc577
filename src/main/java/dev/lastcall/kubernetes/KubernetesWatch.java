package dev.lastcall.kubernetes;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.StatusTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts what is configured of the watch, and says on console and port 9000 whether it is connected. */
@Singleton
final class KubernetesWatch implements MeterBinder, StatusTable.Source {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.kubernetes");
    private static final List<String> COLUMNS = List.of("pod", "watch", "since");
    private static final int HTTPS = 443;
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final KubernetesConfig config;
    private final Optional<String> host;
    private final Optional<Integer> port;
    private final @Nullable WatchStatus status;

    KubernetesWatch(
            KubernetesConfig config,
            @ConfigProperty(name = "KUBERNETES_SERVICE_HOST") Optional<String> host,
            @ConfigProperty(name = "KUBERNETES_SERVICE_PORT") Optional<Integer> port,
            @ConfigProperty(name = "POD_NAME") Optional<String> podName,
            @ConfigProperty(name = "HOSTNAME") Optional<String> hostName) {
        this.config = config;
        this.host = host;
        this.port = port;
        Optional<String> pod = Stream.of(config.pod(), podName, hostName)
                .flatMap(Optional::stream)
                .filter(name -> !name.isBlank())
                .findFirst();
        status = config.watch() ? new WatchStatus(pod.orElse("")) : null;
    }

    void start(
            @Observes StartupEvent started,
            Drain drain,
            DrainSettings settings,
            InFlight inFlight,
            ReleaseSteps steps,
            Vertx vertx) {
        if (status == null) {
            return;
        }
        if (host.isEmpty() || status.pod().isEmpty()) {
            LOG.warn(
                    "lastcall.kubernetes.watch needs KUBERNETES_SERVICE_HOST and the pod's name (lastcall.kubernetes.pod, POD_NAME or"
                            + " HOSTNAME): this process is in no pod, or its environment was replaced; nothing is watched");
            status.lost("not in a pod", 0, false);
            return;
        }
        ServiceAccount account = new ServiceAccount(vertx, config.serviceAccount());
        ApiServer server = new ApiServer(vertx, account, host.get(), port.orElse(HTTPS), ANSWER);
        Context context = vertx.getOrCreateContext();
        List<OwnPodListener> listeners = new ArrayList<>();
        // First: a drain that a deletion starts must not wait for anything that is only told.
        listeners.add(new PodTermination(drain, settings.gracePeriod()));
        listeners.addAll(told(vertx, context, server, status.pod(), drain, inFlight));
        PodWatch watch = new PodWatch(vertx, context, server, status.pod(), status, listeners);
        steps.register(new Close(watch));
        watch.start();
    }

    private List<OwnPodListener> told(
            Vertx vertx, Context context, ApiServer server, String pod, Drain drain, InFlight inFlight) {
        List<OwnPodListener> told = new ArrayList<>();
        config.readinessGate().ifPresent(type -> {
            OwnPod own = new OwnPod(server, pod, "/status", "the pod's condition " + type + " was not set");
            ReadinessGate gate = new ReadinessGate(vertx, drain, own, type);
            gate.follow(context);
            told.add(gate);
        });
        if (config.deletionCost()) {
            OwnPod own = new OwnPod(
                    server, pod, "", "the pod's deletion cost was not set, a scale-down may take a busy pod");
            told.add(new DeletionCost(vertx, drain, inFlight, own, config.deletionCostInterval()));
        }
        return told;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (status != null) {
            Gauge.builder("lastcall.kubernetes.watch.connected", status, source -> source.isConnected() ? 1 : 0)
                    .description("1 where the API server tells this pod of its end")
                    .register(registry);
        }
    }

    @Override
    public StatusTable status() {
        return new StatusTable("Kubernetes", COLUMNS, status == null ? List.of() : List.of(status.row()));
    }

    /** Ends the watch with the process; nothing is lost where that fails. */
    private record Close(PodWatch watch) implements ReleaseStep {
        @Override
        public String name() {
            return "kubernetes-watch";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.WORKERS;
        }

        @Override
        public boolean isOptional() {
            return true;
        }

        @Override
        public void release() {
            watch.close();
        }
    }
}
