package dev.lastcall.proxy;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** A sidecar is ready when the application beside it is; without one there is nothing to wait for. */
@Readiness
@Singleton
final class ApplicationReadiness implements AsyncHealthCheck {
    private final Sidecar sidecar;

    ApplicationReadiness(Sidecar sidecar) {
        this.sidecar = sidecar;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().completionStage(() -> sidecar.isHealthy()).map(up -> HealthCheckResponse.named(
                        "upstream")
                .status(up)
                .withData("upstream", sidecar.upstream())
                .build());
    }
}
