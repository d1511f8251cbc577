package dev.lastcall.agent;

import dev.lastcall.drain.DrainSignal;
import dev.lastcall.model.TestModel;
import dev.lastcall.run.ManualSignal;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
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
        @Singleton
        DrainSignal signal() {
            return new RequestSignal();
        }
    }

    /** A signal like the product's own: one for each request, made when the request asks for its own. */
    private static final class RequestSignal implements DrainSignal {
        @Override
        public DrainSignal current() {
            if (broken) {
                throw new IllegalStateException("broken on purpose");
            }
            ManualSignal signal = new ManualSignal();
            SIGNALS.add(signal);
            return signal;
        }

        @Override
        public boolean isCancelled() {
            return current().isCancelled();
        }

        @Override
        public boolean clientGone() {
            return current().clientGone();
        }

        @Override
        public Registration onCancelled(Runnable action) {
            return current().onCancelled(action);
        }
    }
}
