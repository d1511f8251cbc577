package dev.lastcall.management.telemetry;

import dev.lastcall.fleet.Identity;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;

/** Says which process the telemetry is of: what we know, then {@code OTEL_RESOURCE_ATTRIBUTES}, then the configured name. */
final class TelemetryResource {
    private TelemetryResource() {}

    static Resource of(TelemetryConfig config, OtelVariables variables, Identity identity) {
        ResourceBuilder resource = Resource.getDefault().toBuilder();
        put(resource, "service.name", "lastcall");
        put(resource, "service.instance.id", identity.instance());
        put(resource, "k8s.pod.name", identity.pod());
        variables.resource().forEach((name, value) -> put(resource, name, value));
        config.serviceName()
                .or(() -> variables.get("OTEL_SERVICE_NAME"))
                .ifPresent(name -> put(resource, "service.name", name));
        return resource.build();
    }

    private static void put(ResourceBuilder resource, String name, String value) {
        resource.put(AttributeKey.stringKey(name), value);
    }
}
