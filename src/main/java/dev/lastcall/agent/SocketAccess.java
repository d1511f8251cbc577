package dev.lastcall.agent;

import dev.lastcall.run.Tenants;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** Refuses WebSockets of clients without a key of ours before they are opened: 401, which every client library shows. Thread-safe. */
@Singleton
public final class SocketAccess implements HttpUpgradeCheck {
    private static final int UNAUTHORIZED = 401;

    private final Tenants tenants;

    SocketAccess(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public boolean appliesTo(String endpointId) {
        return endpointId.equals(AgentSocket.ENDPOINT);
    }

    @Override
    public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
        return tenants.of(upgrade.httpRequest().getHeader("Authorization")).isPresent()
                ? CheckResult.permitUpgrade()
                : CheckResult.rejectUpgrade(UNAUTHORIZED, Map.of("WWW-Authenticate", List.of("Bearer")));
    }
}
