package dev.lastcall.run.wiring;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * A pod is not ready while PostgreSQL does not take what it writes. Asked is the lease, whose row is written every few seconds, because a
 * server that answers a SELECT may be read-only or wait for a standby. Without a database there is nothing to ask.
 */
@Readiness
@Singleton
final class LogReadiness implements HealthCheck {
    private final RunStore store;

    LogReadiness(RunStore store) {
        this.store = store;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("Database: run log")
                .status(store.isWritable())
                .build();
    }
}
