package dev.lastcall.shutdown;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseSteps;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The whole order of a shutdown. Every way out of Quarkus comes through here once: the exit after a drain, {@code Quarkus.asyncExit} by
 * application code, {@code System.exit}. Between the drain and the first stage Quarkus closes its HTTP servers.
 *
 * <p>An observer that throws would make Quarkus skip the later ones: none does.
 */
@Singleton
final class ShutdownOrder {
    private static final Logger LOG = Logger.getLogger(ShutdownOrder.class);

    private final Drain drain;
    private final ReleaseSteps steps;
    private final Exit exit;
    private final TerminationReport report;

    ShutdownOrder(Drain drain, ReleaseSteps steps, Exit exit, TerminationReport report) {
        this.drain = drain;
        this.steps = steps;
        this.exit = exit;
        this.report = report;
    }

    /**
     * Runs the whole drain if the process is ending without one; otherwise the drain is over and this returns at once. A live reload
     * and the end of a test are no shutdown and wait for nothing.
     */
    void drain(@Observes ShutdownDelayInitiatedEvent closing) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            exit.awaitRelease();
        }
    }

    void workers(@Observes @Priority(10) ShutdownEvent stopping) {
        release(ReleaseStage.WORKERS, drain::releaseRemaining);
    }

    void sockets(@Observes @Priority(20) ShutdownEvent stopping) {
        release(ReleaseStage.SOCKETS, drain::releaseRemaining);
    }

    void runs(@Observes @Priority(30) ShutdownEvent stopping) {
        release(ReleaseStage.RUNS, drain::releaseRemaining);
    }

    void modelClients(@Observes @Priority(40) ShutdownEvent stopping) {
        release(ReleaseStage.MODEL_CLIENTS, drain::releaseRemaining);
    }

    /** Before the model, which ingests under way still ask. */
    void vectorStore(@Observes @Priority(50) ShutdownEvent stopping) {
        release(ReleaseStage.VECTOR_STORE, drain::releaseRemaining);
    }

    void embeddingModel(@Observes @Priority(60) ShutdownEvent stopping) {
        release(ReleaseStage.EMBEDDING_MODEL, drain::releaseRemaining);
    }

    void processes(@Observes @Priority(70) ShutdownEvent stopping) {
        release(ReleaseStage.PROCESSES, drain::releaseRemaining);
    }

    /** The last hook registered runs first. */
    void application(@Observes @Priority(80) ShutdownEvent stopping) {
        release(ReleaseStage.APPLICATION, drain::releaseRemaining);
    }

    void state(@Observes @Priority(90) ShutdownEvent stopping) {
        release(ReleaseStage.STATE, drain::releaseRemaining);
    }

    void redis(@Observes @Priority(100) ShutdownEvent stopping) {
        release(ReleaseStage.REDIS, drain::releaseRemaining);
    }

    void postgresql(@Observes @Priority(110) ShutdownEvent stopping) {
        release(ReleaseStage.POSTGRESQL, drain::releaseRemaining);
    }

    void telemetry(@Observes @Priority(120) ShutdownEvent stopping) {
        release(ReleaseStage.TELEMETRY, drain::releaseRemaining);
    }

    void stopped(@Observes @Priority(130) ShutdownEvent stopping) {
        drain.stopped();
        report.write();
    }

    /** All stages in the same order, for an end before the start was complete. */
    void releaseAll(Supplier<Duration> remaining) {
        for (ReleaseStage stage : ReleaseStage.values()) {
            release(stage, remaining);
        }
    }

    private void release(ReleaseStage stage, Supplier<Duration> remaining) {
        try {
            steps.release(stage, remaining);
        } catch (RuntimeException e) {
            // A step's own name, stage or timeout threw; what release() throws is caught and reported.
            LOG.errorf(e, "the release of stage=%s was left unfinished", stage.key());
        }
    }
}
