package dev.lastcall.process;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** The readiness of supervised programs: NOT READY while one is not running or not ready. */
@Readiness
@Singleton
final class ProcessReadiness implements AsyncHealthCheck {
    private final Processes processes;

    ProcessReadiness(Processes processes) {
        this.processes = processes;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(this::check);
    }

    private HealthCheckResponse check() {
        Map<String, Boolean> up = processes.up();
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("processes").status(!up.containsValue(false));
        up.forEach(answer::withData);
        return answer.build();
    }
}
