package dev.lastcall.tool;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** The tools of the configuration, each behind HTTP. */
@Dependent
final class ConfiguredTools {
    /** High enough that no call waits for another's connection; the number of concurrent runs is limited elsewhere. */
    private static final int CONNECTIONS = 1000;

    @Produces
    @Singleton
    Tools tools(ToolConfig config, Vertx vertx, ReleaseSteps steps) {
        if (config.tools().isEmpty()) {
            return Tools.none();
        }
        // A kept connection may be closed by the tool at the moment of the next call, which would then be unknown for
        // no good reason.
        HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setMaxPoolSize(CONNECTIONS)
                .setTcpNoDelay(true)
                .setDecompressionSupported(false));
        steps.register(new Release(client));
        List<Tool> tools = new ArrayList<>();
        config.tools().forEach((name, declared) -> tools.add(new HttpTool(checked(name, declared), vertx, client)));
        return new Tools(tools);
    }

    private static Declaration checked(String name, ToolConfig.Declared declared) {
        try {
            return Declaration.of(name, declared);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private record Release(HttpClient client) implements ReleaseStep {
        @Override
        public String name() {
            return "tools";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.MODEL_CLIENTS;
        }

        @Override
        public void release() throws Exception {
            client.close().toCompletionStage().toCompletableFuture().get();
        }
    }
}
