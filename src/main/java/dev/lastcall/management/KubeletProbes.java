package dev.lastcall.management;

import dev.lastcall.drain.Time;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Notices where no probe reaches port 9000 in a pod: whatever keeps probes away, a network policy or a mesh, keeps preStop away too, and that
 * is noticed only when the pod ends. Thread-safe.
 */
@Singleton
final class KubeletProbes implements Handler<RoutingContext> {
    /** A startup probe comes every few seconds; a pod without probes is told the same. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = Logger.getLogger("dev.lastcall.management");

    private final Time time;
    private final boolean inPod;
    private volatile boolean probed;

    @Inject
    KubeletProbes(Time time, @ConfigProperty(name = "KUBERNETES_SERVICE_HOST") Optional<String> apiServer) {
        this(time, apiServer.isPresent());
    }

    KubeletProbes(Time time, boolean inPod) {
        this.time = time;
        this.inPod = inPod;
    }

    void started(@Observes StartupEvent started) {
        begin();
    }

    void begin() {
        if (inPod) {
            time.schedule(PATIENCE, this::check);
        }
    }

    /** For the paths of the health checks, whoever asks. */
    @Override
    public void handle(RoutingContext exchange) {
        probed = true;
        exchange.next();
    }

    boolean isMissed() {
        return !probed;
    }

    private void check() {
        if (isMissed()) {
            LOG.warnf(
                    "nobody has asked port 9000 for its health in the first %d s: if the kubelet's probes do not arrive, its preStop"
                            + " will not either, and this pod learns of its end 2 s before SIGKILL; let the node reach port 9000"
                            + " (NetworkPolicy, mesh), or set lastcall.kubernetes.watch",
                    PATIENCE.toSeconds());
        }
    }
}
