package dev.lastcall.management;

import dev.lastcall.config.ConfigInForce;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Names the build, and lists every key of ours with the value that is in force and where it came from; secrets are not shown. */
@Singleton
final class ConfigList implements Handler<RoutingContext> {
    private final SmallRyeConfig config;
    private final String version;

    ConfigList(SmallRyeConfig config) {
        this.config = config;
        version = config.getOptionalValue("quarkus.application.version", String.class)
                .orElse("unknown");
    }

    @Override
    public void handle(RoutingContext exchange) {
        JsonArray keys = new JsonArray();
        ConfigInForce.of(config)
                .forEach(line -> keys.add(new JsonObject()
                        .put("key", line.key())
                        .put("value", line.value())
                        .put("source", line.source())));
        JsonObject info = new JsonObject()
                .put("version", version)
                .put("quarkus", Quarkus.class.getPackage().getImplementationVersion())
                .put("java", Runtime.version().toString())
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("max-heap", Runtime.getRuntime().maxMemory())
                .put("config", keys);
        Answers.json(exchange, 200, info);
    }
}
