package dev.lastcall.drain;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a drain, checked against each other.
 *
 * @param gracePeriod the pod's {@code terminationGracePeriodSeconds}
 * @param exitMargin kept free between our deadline and the kubelet's kill
 * @param keepReady readiness stays UP in the lame duck of a termination trigger
 * @param lameDuck how long requests are still served while endpoints are withdrawn
 * @param streamPatience how long streams may go on after the lame duck; null: until CANCELLING
 * @param cancelReserve from telling streams to end until cutting them
 * @param releaseReserve for the ordered release
 * @param serveAfterLameDuck admit in DRAINING too
 */
@Internal
public record DrainSettings(
        Duration gracePeriod,
        Duration exitMargin,
        boolean keepReady,
        LameDuck lameDuck,
        @Nullable Duration streamPatience,
        Duration cancelReserve,
        Duration releaseReserve,
        boolean serveAfterLameDuck) {

    /** The part of RELEASING that is granted however late it starts. */
    private static final Duration RELEASE_MINIMUM = Duration.ofMillis(1500);

    /** A typing error beyond this; and far below where sums of nanoseconds overflow. */
    private static final Duration LONGEST = Duration.ofDays(365);

    public DrainSettings {
        requireInRange("grace-period", gracePeriod);
        requireInRange("exit-margin", exitMargin);
        requireInRange("cancel-reserve", cancelReserve);
        requireInRange("release-reserve", releaseReserve);
        if (streamPatience != null) {
            requireInRange("stream-patience", streamPatience);
        }
        requireSumFits(gracePeriod, exitMargin, lameDuck, cancelReserve, releaseReserve);
    }

    /**
     * The lame duck's numbers.
     *
     * @param min its shortest length, whatever the traffic
     * @param quietPeriod time without a new request that ends it early
     * @param max its longest length under a termination trigger
     * @param quietIgnores starts of the User-Agent of probes and scrapers, whose requests do not show that clients still come
     */
    public record LameDuck(Duration min, Duration quietPeriod, Duration max, List<String> quietIgnores) {
        public LameDuck {
            requireInRange("lame-duck.min", min);
            requireInRange("lame-duck.quiet-period", quietPeriod);
            requireInRange("lame-duck.max", max);
            if (min.compareTo(max) > 0) {
                throw new IllegalArgumentException("lame-duck.min: " + ReadableDuration.of(min)
                        + " (expected: <= lame-duck.max = " + ReadableDuration.of(max) + ")");
            }
            quietIgnores = List.copyOf(quietIgnores);
        }

        /** Whether a request with this User-Agent shows that clients still come; one without shows it. */
        public boolean resetsQuiet(@Nullable String userAgent) {
            if (userAgent != null) {
                // A stream here was a third of what the gate costs a request.
                for (String ignored : quietIgnores) {
                    if (userAgent.startsWith(ignored)) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** The defaults of {@code lastcall.drain.*}. */
    public static DrainSettings defaults() {
        List<String> probes = List.of("kube-probe", "ELB-HealthChecker", "GoogleHC", "Envoy/HC", "Prometheus");
        var lameDuck = new LameDuck(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10), probes);
        return new DrainSettings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                false,
                lameDuck,
                null,
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                false);
    }

    /** Returns the least time for RELEASING, also after the deadline. */
    public Duration releaseMinimum() {
        return releaseReserve.compareTo(RELEASE_MINIMUM) < 0 ? releaseReserve : RELEASE_MINIMUM;
    }

    private static void requireInRange(String key, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    key + ": " + ReadableDuration.of(value) + " (expected: a duration >= 0s)");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(key + ": " + ReadableDuration.of(value) + " (expected: a duration <= "
                    + ReadableDuration.of(LONGEST) + ")");
        }
    }

    private static void requireSumFits(
            Duration grace, Duration exitMargin, LameDuck lameDuck, Duration cancelReserve, Duration releaseReserve) {
        Map<String, Duration> parts = new LinkedHashMap<>();
        parts.put("lame-duck.max", lameDuck.max());
        parts.put("cancel-reserve", cancelReserve);
        parts.put("release-reserve", releaseReserve);
        parts.put("exit-margin", exitMargin);
        Duration sum = parts.values().stream().reduce(Duration.ZERO, Duration::plus);
        if (grace.compareTo(sum) <= 0) {
            throw new IllegalArgumentException("grace-period: " + ReadableDuration.of(grace) + " (expected: > "
                    + String.join(" + ", parts.keySet()) + " = "
                    + String.join(
                            " + ",
                            parts.values().stream().map(ReadableDuration::of).toList()) + " = "
                    + ReadableDuration.of(sum) + "); raise it, or lower one of the others");
        }
    }
}
