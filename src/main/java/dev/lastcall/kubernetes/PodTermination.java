package dev.lastcall.kubernetes;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainRequest;
import dev.lastcall.drain.ReadableDuration;
import dev.lastcall.kubernetes.PodObject.Disruption;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the drain, or joins it, once the API server says that this pod ends. The grace period counts from the moment this pod sees its
 * deletion, so no two clocks are compared; only a deletion that is found late, by a question, is dated by the clock of the server that answers, which is the
 * one that wrote {@code deletionTimestamp}.
 */
final class PodTermination implements OwnPodListener {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.kubernetes");
    private static final String ASKED_BY = "kubernetes";

    /** A deletion without grace, and one that is found when its time is over: what the kubelet leaves before SIGKILL at least. */
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final Drain drain;
    private final Duration gracePeriod;
    private boolean compared;

    /** @param gracePeriod ours */
    PodTermination(Drain drain, Duration gracePeriod) {
        this.drain = drain;
        this.gracePeriod = gracePeriod;
    }

    @Override
    public void seen(PodObject pod, @Nullable Instant now) {
        Disruption disruption = pod.disruption();
        if (pod.deletedBy() != null) {
            drain.podDeleted(left(pod.grace(), pod.deletedBy(), now), request(disruption, pod.grace()));
        } else if (disruption != null && disruption.isKubelets()) {
            drain.podDeleted(null, request(disruption, null));
        } else if (!compared) {
            compared = true;
            compare(pod.configured());
        }
    }

    @Override
    public void gone() {
        drain.podDeleted(LEAST, new DrainRequest(ASKED_BY, "the pod's object is gone"));
    }

    private static @Nullable Duration left(@Nullable Duration grace, Instant end, @Nullable Instant now) {
        if (grace == null) {
            return null;
        }
        Duration told = now == null ? grace : Duration.between(now, end);
        Duration left = told.compareTo(grace) > 0 ? grace : told;
        return left.compareTo(LEAST) > 0 ? left : least(grace);
    }

    private static Duration least(Duration grace) {
        return grace.isZero() || grace.compareTo(LEAST) > 0 ? LEAST : grace;
    }

    private static DrainRequest request(@Nullable Disruption disruption, @Nullable Duration grace) {
        String reason = disruption == null
                ? "deleted" + (grace == null ? "" : ", deletionGracePeriodSeconds=" + grace.toSeconds())
                : disruption.reason() + (disruption.message().isBlank() ? "" : ": " + disruption.message());
        return new DrainRequest(ASKED_BY, ApiAnswer.line(reason));
    }

    /** lint says it before anything is applied, but not everybody asks it. */
    private void compare(@Nullable Duration configured) {
        if (configured != null && configured.compareTo(gracePeriod) < 0) {
            LOG.warnf(
                    "this pod's terminationGracePeriodSeconds is %d, less than lastcall.drain.grace-period = %s: with the"
                            + " watch the drain keeps to the shorter, without it the kubelet kills it; make them equal",
                    configured.toSeconds(), ReadableDuration.of(gracePeriod));
        }
    }
}
