package dev.lastcall.http;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ServerChannel;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Puts the limits on the connections that Quarkus' HTTP servers accept, before their first byte is read, and keeps the sockets that listen:
 * Quarkus has no hook for that, but Netty has, where {@link #EXTENSIONS} is set before the first server is made.
 */
public final class AcceptedConnections extends ChannelInitializerExtension {
    /** A system property: {@value #EXTENSIONS} is to be {@code serviceload}. */
    public static final String EXTENSIONS = ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY;

    /** What Vert.x puts first on the connections of its servers. Those of Netty's own servers are no HTTP. */
    private static final String VERTX_SERVER = "io.vertx.core.net.impl.ServerChannelLoadBalancer";

    private static volatile HttpLimits limits = HttpLimits.defaults();
    private static volatile HttpServerOptions options = new HttpServerOptions();

    /** For the service loader. */
    public AcceptedConnections() {}

    @Override
    public void postInitializeServerChildChannel(Channel accepted) {
        ChannelHandler first = accepted.pipeline().first();
        if (first != null && first.getClass().getName().equals(VERTX_SERVER)) {
            limit(accepted, limits, options);
        }
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel listening) {
        ListeningSockets.add(listening);
    }

    static void limit(Channel accepted, HttpLimits limits, HttpServerOptions options) {
        accepted.pipeline().addFirst(new FirstBytes(limits, options));
    }

    /** Hands the configuration over to what Netty makes, before the servers start. */
    @Singleton
    static final class Configuration implements HttpServerOptionsCustomizer {
        private final HttpConfig config;

        Configuration(HttpConfig config) {
            this.config = config;
        }

        void apply(@Observes StartupEvent started) {
            limits = new HttpLimits(config.headTimeout(), config.sendTimeout());
        }

        @Override
        public void customizeHttpServer(HttpServerOptions main) {
            options = main;
        }

        @Override
        public void customizeHttpsServer(HttpServerOptions main) {
            options = main;
        }
    }
}
