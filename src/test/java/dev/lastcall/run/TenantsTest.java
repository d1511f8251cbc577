package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {
    private record Keys(Optional<List<String>> keys) implements ApiConfig {}

    private final Tenants tenants = tenants("alice:sk-1", " alice:sk-2", "bob:sk:3");

    @Test
    void keyTellsTheTenantAndATenantMayHaveSeveral() {
        assertThat(tenants.of("Bearer sk-1")).contains("alice");
        assertThat(tenants.of("bearer  sk-2 ")).contains("alice");
        assertThat(tenants.of("Bearer sk:3")).contains("bob");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "sk-1", "Bearer", "Bearer sk", "Bearer sk-1 sk-2", "Basic sk-1", "Bearer alice:sk-1"})
    void unknownKeysAreNoTenant(String authorization) {
        assertThat(tenants.of(authorization)).isEmpty();
    }

    @Test
    void withoutKeysEverybodyIsTheSameTenant() {
        Tenants open = new Tenants(new Keys(Optional.empty()));

        assertThat(open.of(null)).isPresent().isEqualTo(open.of("Bearer x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-secret", ":sk-secret", "a b:sk-secret", "alice:"})
    void entryThatIsNoneFailsTheStartAndIsNotShown(String entry) {
        assertThatThrownBy(() -> tenants("alice:sk-1", entry))
                .hasMessageStartingWith("lastcall.api.keys: entry 2 (not shown) is none (expected: tenant:key")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void keyOfTwoTenantsFailsTheStart() {
        assertThatThrownBy(() -> tenants("alice:sk-1", "bob:sk-1"))
                .hasMessage("lastcall.api.keys: tenants alice and bob have the same key"
                        + " (expected: a key belongs to one tenant)");
    }

    private static Tenants tenants(String... keys) {
        return new Tenants(new Keys(Optional.of(List.of(keys))));
    }
}
