package dev.lastcall.fleet;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/**
 * The pod and process that this is. The instance is new with each process: a container that restarts is the same pod and another
 * instance.
 */
@Singleton
public final class Identity {
    private static final int LONGEST_POD = 253;

    private final String pod;
    private final String instance = UUID.randomUUID().toString();

    @Inject
    Identity(FleetConfig config) {
        this(config.pod().or(Identity::host).orElse("localhost"));
    }

    Identity(String pod) {
        if (pod.isBlank() || pod.length() > LONGEST_POD) {
            throw new ConfigurationException(
                    "lastcall.fleet.pod: " + pod + " (expected: a name of at most " + LONGEST_POD + " characters)");
        }
        this.pod = pod;
    }

    /** The host's name from the environment; the resolver may take seconds to fail. */
    private static Optional<String> host() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).filter(name -> !name.isBlank());
    }

    /** The pod's name, as Kubernetes knows it. */
    public String pod() {
        return pod;
    }

    /** Different for each process. */
    public String instance() {
        return instance;
    }
}
