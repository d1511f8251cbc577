package dev.lastcall.agent;

import dev.lastcall.model.TestModel;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** The profile of {@link Wire} with the log in a real PostgreSQL and two tenants: {@code key-a} and {@code key-b} are their keys. */
public final class DurableWire implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("lastcall.model.scripted.tokens-per-second", "1000000", "lastcall.api.keys", "a:key-a,b:key-b");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(Wire.Signals.class, TestModel.class);
    }
}
