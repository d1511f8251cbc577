package dev.lastcall.drain;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The load balancers and proxies that send the clients, by how long each goes on sending them to a pod whose end has begun. The delays are what its
 * users have measured or its documents say; the numbers of a drain that fit them are computed, and those of {@link #KUBE_PROXY} are the defaults.
 */
@Internal
public enum DrainProfile {
    /** Services within the cluster. */
    KUBE_PROXY(0, 2),
    /** The ingress-nginx controller. */
    NGINX(0, 3),
    /** Envoy as a gateway or a mesh. */
    ENVOY(0, 10),
    /** AWS Application Load Balancer with IP targets. */
    ALB(5, 15),
    /** Google's balancers with network endpoint groups. */
    GCLB(5, 60),
    /** Azure Application Gateway. */
    AZURE(1, 90),
    /** AWS Network Load Balancer with IP targets. */
    NLB(60, 120);

    /** For requests that came with the last connections, and for the stages after them. */
    private static final Duration AFTER_LAME_DUCK = Duration.ofSeconds(20);

    /** Between the slowest withdrawal and the end of a lame duck in which no quiet can be seen. */
    private static final Duration MARGIN = Duration.ofSeconds(8);

    private final Duration from;
    private final Duration to;

    DrainProfile(long from, long to) {
        this.from = Duration.ofSeconds(from);
        this.to = Duration.ofSeconds(to);
    }

    /** Finds one by its key, or by what the configuration takes for it: {@code NLB}, {@code kube_proxy}, {@code KubeProxy}. */
    public static Optional<DrainProfile> of(String key) {
        String plain = key.strip()
                .replaceAll("([a-z])([A-Z])", "$1-$2")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter(each -> each.key().equals(plain)).findFirst();
    }

    /** Returns the keys of all. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(DrainProfile::key).toList();
    }

    /** The name as it is configured. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The shortest delay until new connections stop. */
    public Duration from() {
        return from;
    }

    /** The longest. */
    public Duration to() {
        return to;
    }

    /** The numbers of the drain that fit, by their keys below {@code lastcall.drain.}; they add up with the defaults of the others. */
    public Map<String, Duration> presets() {
        Duration lameDuck = to.plus(MARGIN);
        Map<String, Duration> presets = new LinkedHashMap<>();
        presets.put("grace-period", lameDuck.plus(AFTER_LAME_DUCK));
        presets.put("lame-duck.min", to);
        presets.put("lame-duck.max", lameDuck);
        return presets;
    }
}
