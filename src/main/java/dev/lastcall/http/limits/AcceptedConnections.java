package dev.lastcall.http.limits;

import dev.lastcall.http.RefusalFormats;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ServerChannel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the limits on the connections that Quarkus' HTTP servers accept, before their first byte is read, and keeps the sockets that listen:
 * Quarkus has no hook for that, but Netty has, where {@link #EXTENSIONS} is set before the first server is made.
 */
@RegisterForReflection(methods = false, fields = false)
public final class AcceptedConnections extends ChannelInitializerExtension {
    /** A system property: {@value #EXTENSIONS} is to be {@code serviceload}. */
    public static final String EXTENSIONS = ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY;

    /** The class of the first handler that Vert.x puts on the connections of its servers. Connections of Netty's own servers are no HTTP. */
    private static final String VERTX_SERVER = "io.vertx.core.net.impl.ServerChannelLoadBalancer";

    /** The limit of connections is each server's own: no client of the main port takes the place of an operator. */
    private static final AttributeKey<OpenConnections> CONNECTIONS =
            AttributeKey.valueOf(AcceptedConnections.class, "connections");

    private static final LimitCounts COUNTS = new LimitCounts();
    /** Null until the configuration is known; the defaults depend on the heap of the machine that runs, and not of the one that builds. */
    private static volatile @Nullable HttpLimits limits;

    private static volatile RefusalFormats formats = new RefusalFormats(List.of());

    private static volatile HttpServerOptions options = new HttpServerOptions();

    /** For the service loader. */
    public AcceptedConnections() {}

    @Override
    public void postInitializeServerChildChannel(Channel accepted) {
        ChannelHandler first = accepted.pipeline().first();
        if (first != null && first.getClass().getName().equals(VERTX_SERVER)) {
            limit(accepted, connectionsOf(accepted.parent()), options);
        }
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel listening) {
        ListeningSockets.add(listening);
    }

    private static OpenConnections connectionsOf(Channel server) {
        Attribute<OpenConnections> attribute = server.attr(CONNECTIONS);
        OpenConnections known = attribute.get();
        if (known == null) {
            HttpLimits configured = limits;
            OpenConnections made = new OpenConnections(configured == null ? HttpLimits.defaults() : configured, COUNTS);
            OpenConnections earlier = attribute.setIfAbsent(made);
            known = earlier == null ? made : earlier;
        }
        return known;
    }

    static void limit(Channel accepted, OpenConnections connections, HttpServerOptions options) {
        accepted.pipeline().addFirst(new FirstBytes(connections, options, formats));
    }

    /** Hands the configuration over to what Netty makes, before the servers start. */
    @Singleton
    static final class Configuration implements HttpServerOptionsCustomizer, MeterBinder {
        private final HttpConfig config;
        private final RefusalFormats refusals;

        Configuration(HttpConfig config, RefusalFormats refusals) {
            this.config = config;
            this.refusals = refusals;
        }

        void apply(@Observes StartupEvent started) {
            formats = refusals;
            try {
                limits = new HttpLimits(
                        config.headTimeout(),
                        config.sendTimeout(),
                        config.maxConnections().orElseGet(HttpLimits::connectionsOfThisHeap));
            } catch (IllegalArgumentException e) {
                throw new ConfigurationException(e.getMessage(), e);
            }
        }

        @Override
        public void bindTo(MeterRegistry registry) {
            COUNTS.bindTo(registry);
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
