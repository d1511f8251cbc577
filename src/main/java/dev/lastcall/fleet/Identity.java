package dev.lastcall.fleet;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pod and process that this is. The instance is new with each process: a container that restarts is the same pod and another
 * instance.
 */
@Singleton
public final class Identity {
    private static final int LONGEST_POD = 253;

    private static final Pattern POD = Pattern.compile("[^\\s\\p{Cntrl}]{1,253}");
    private static final Pattern INSTANCE = Pattern.compile("[0-9a-zA-Z-]{1,64}");

    private final String pod;
    private final Supplier<Optional<String>> console;
    private final String instance = UUID.randomUUID().toString();

    /** Whether it may be a pod's name; whoever may write to a Redis may write anything. */
    static boolean isPod(@Nullable String name) {
        return name != null && POD.matcher(name).matches();
    }

    static boolean isInstance(@Nullable String name) {
        return name != null && INSTANCE.matcher(name).matches();
    }

    @Inject
    Identity(FleetConfig config) {
        this(config.pod().or(Identity::host).orElse("localhost"), () -> config.console()
                .or(ConsoleAddress::ofThisHost));
    }

    Identity(String pod) {
        this(pod, Optional::empty);
    }

    private Identity(String pod, Supplier<Optional<String>> console) {
        this.console = console;
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

    /** Returns the address at which people find this pod's console; empty where that is not known, as before the start is over. */
    public Optional<String> console() {
        return console.get();
    }

    /** Different for each process. */
    public String instance() {
        return instance;
    }
}
