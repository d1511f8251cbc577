package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.TestModel;
import dev.lastcall.run.ManualSignal;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The agent endpoints with the requests' signals and the model's inputs in the test's hand. */
public final class Wire implements QuarkusTestProfile {
    /** The signals of the requests so far, in their order. */
    static final BlockingQueue<ManualSignal> SIGNALS = new LinkedBlockingQueue<>();

    static volatile boolean broken;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "lastcall.model.scripted.tokens-per-second",
                "1000000",
                "lastcall.run.max-tokens",
                "1000000000",
                // Runs of this process' memory, which end with their requests.
                "quarkus.datasource.active",
                "false");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Signals.class, TestModel.class);
    }

    @Alternative
    static final class Signals {
        @Produces
        @Dependent
        DrainSignal signal() {
            if (broken) {
                throw new IllegalStateException("broken on purpose");
            }
            ManualSignal signal = new ManualSignal();
            SIGNALS.add(signal);
            return signal;
        }
    }
}
