package dev.lastcall.management.telemetry;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The choice of the drains that have a trace: {@code OTEL_TRACES_SAMPLER}. A drain has no parent, so the kinds with one decide as those without. */
final class TraceSampler {
    private static final Logger LOG = Logger.getLogger(TraceSampler.class);
    private static final String NAME = "OTEL_TRACES_SAMPLER";
    private static final String ARGUMENT = "OTEL_TRACES_SAMPLER_ARG";

    private TraceSampler() {}

    static Sampler of(OtelVariables variables) {
        Optional<String> written = variables.get(NAME);
        return switch (written.orElse("parentbased_always_on").replace("parentbased_", "")) {
            case "always_on" -> Sampler.alwaysOn();
            case "always_off" -> Sampler.alwaysOff();
            case "traceidratio" -> Sampler.traceIdRatioBased(ratio(variables));
            default -> {
                LOG.warnf(
                        "%s: %s (expected: always_on, always_off, traceidratio, each also with parentbased_); always_on is"
                                + " used",
                        NAME, written.orElse(""));
                yield Sampler.alwaysOn();
            }
        };
    }

    private static double ratio(OtelVariables variables) {
        String written = variables.get(ARGUMENT).orElse("1.0");
        try {
            double ratio = Double.parseDouble(written);
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        LOG.warnf("%s: %s (expected: from 0 to 1); 1 is used", ARGUMENT, written);
        return 1;
    }
}
