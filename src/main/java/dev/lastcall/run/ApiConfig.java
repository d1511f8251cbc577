package dev.lastcall.run;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Access to the endpoints on 8080. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.api")
interface ApiConfig {
    /**
     * {@code tenant:key}, several keys for one tenant allowed. Clients send their key as Bearer, and see their tenant's runs alone. Unset:
     * whoever reaches the port is the one tenant there is.
     */
    Optional<List<String>> keys();
}
