package dev.lastcall.run;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Maps API keys to tenants. Thread-safe. */
@Singleton
@Startup
public final class Tenants {
    private static final Logger LOG = Logger.getLogger(Tenants.class);
    private static final String EVERYBODY = "";
    private static final Pattern ENTRY = Pattern.compile("([A-Za-z0-9._-]{1,64}):(\\S+)");
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(\\S+) *");

    /** Tenants by the hash of their key, so that the time of a look-up reveals nothing about the keys. */
    private final Map<String, String> tenants = new HashMap<>();

    Tenants(ApiConfig config) {
        List<String> keys = config.keys().orElse(List.of());
        for (int i = 0; i < keys.size(); i++) {
            Matcher entry = ENTRY.matcher(keys.get(i).strip());
            if (!entry.matches()) {
                throw new IllegalArgumentException(
                        "lastcall.api.keys: entry " + (i + 1)
                                + " (not shown) is none (expected: tenant:key, the tenant of letters, digits, '.', '_' and '-')");
            }
            String other = tenants.put(hash(entry.group(2)), entry.group(1));
            if (other != null && !other.equals(entry.group(1))) {
                throw new IllegalArgumentException("lastcall.api.keys: tenants " + other + " and " + entry.group(1)
                        + " have the same key (expected: a key belongs to one tenant)");
            }
        }
    }

    /** Last of all: where something else fails the start, its words stand alone. */
    void announce(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
        if (tenants.isEmpty()) {
            LOG.info("no lastcall.api.keys: whoever reaches this service is its one tenant");
        }
    }

    /**
     * The tenant of a request.
     *
     * @param authorization the header's value; null: there is none
     * @return empty where keys are configured and this is none of them
     */
    public Optional<String> of(@Nullable String authorization) {
        if (tenants.isEmpty()) {
            return Optional.of(EVERYBODY);
        }
        Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization);
        return bearer.matches() ? Optional.ofNullable(tenants.get(hash(bearer.group(1)))) : Optional.empty();
    }

    private static String hash(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
