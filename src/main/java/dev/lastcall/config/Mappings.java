package dev.lastcall.config;

import java.util.List;
import java.util.stream.Stream;

/** The mappings of all rooms by name, for what runs without the service: nobody has injected one there. */
public final class Mappings {
    private static final List<String> NAMES = List.of(
            "embedding.EmbeddingConfig",
            "fleet.FleetConfig",
            "http.limits.HttpConfig",
            "kubernetes.KubernetesConfig",
            "lineserver.LineServerConfig",
            "management.ManagementConfig",
            "management.telemetry.TelemetryConfig",
            "model.ModelConfig",
            "model.ScriptedConfig",
            "openai.WireConfig",
            "process.ProcessConfig",
            "proxy.settings.ProxyConfig",
            "agent.AgentConfig",
            "run.ApiConfig",
            "run.wiring.RunConfig",
            "shutdown.DrainConfig",
            "shutdown.ReportConfig",
            "tool.ToolConfig",
            "vectorstore.VectorStoreConfig");

    private Mappings() {}

    /** The interfaces; each is registered for reflection where it is declared. */
    public static Stream<Class<?>> all() {
        return NAMES.stream().flatMap(Mappings::load);
    }

    /** Empty where somebody left a room out of the application. */
    private static Stream<Class<?>> load(String name) {
        try {
            return Stream.of(Class.forName("dev.lastcall." + name));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }
}
