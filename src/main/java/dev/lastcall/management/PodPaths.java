package dev.lastcall.management;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.PUT;

import jakarta.inject.Singleton;

/** The paths of what this pod was configured with, and of its log. */
@Singleton
final class PodPaths {
    private static final String INFO = "/info";
    private static final String LOG_LEVEL = "/log-level";

    private final ConfigList config;
    private final LogLevels levels;

    PodPaths(ConfigList config, LogLevels levels) {
        this.config = config;
        this.levels = levels;
    }

    void mount(RouteTable mounting) {
        mounting.at(INFO, new MethodRouter().reads(GET, config));
        mounting.at(LOG_LEVEL, new MethodRouter().reads(GET, levels::show).changes(PUT, levels::change));
    }
}
