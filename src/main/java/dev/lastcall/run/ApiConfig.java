package dev.lastcall.run;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
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
    @Format(Form.TENANT_KEY)
    Optional<List<String>> keys();
}
