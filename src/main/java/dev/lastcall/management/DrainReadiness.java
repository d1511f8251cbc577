package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainView;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * The readiness of the drain: NOT READY withdraws the pod's endpoints. Asynchronous: an ordinary check waits for a worker, and all of those
 * may be stuck.
 */
@Readiness
@Singleton
final class DrainReadiness implements AsyncHealthCheck {
    private final Drain drain;

    DrainReadiness(Drain drain) {
        this.drain = drain;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> {
            DrainView view = drain.view();
            return HealthCheckResponse.named("drain")
                    .status(view.ready())
                    .withData("state", view.state().key())
                    .build();
        });
    }
}
