package dev.lastcall.management;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainView;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The readiness of the drain, under a name that tells it from the application's own checks. It needs no worker thread. */
@Readiness
@Singleton
final class LibraryReadiness implements AsyncHealthCheck {
    private final Drain drain;

    LibraryReadiness(Drain drain) {
        this.drain = drain;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> {
            DrainView view = drain.view();
            return HealthCheckResponse.named("lastcall-drain")
                    .status(view.ready())
                    .withData("state", view.state().key())
                    .build();
        });
    }
}
