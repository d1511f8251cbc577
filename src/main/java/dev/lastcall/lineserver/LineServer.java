package dev.lastcall.lineserver;

import dev.lastcall.drain.Admission;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.tcp.TcpServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Echoes lines on a TCP port. It goes on accepting in a drain, so that a late client reads why it is refused.
 */
@Singleton
final class LineServer {
    private static final int LARGEST_LINE = 16 << 20;
    private static final Logger LOG = Logger.getLogger(LineServer.class);

    private final LineServerConfig config;
    private final InFlight inFlight;
    private final VertxInternal vertx;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    LineServer(LineServerConfig config, InFlight inFlight, Vertx vertx) {
        this.config = config;
        this.inFlight = inFlight;
        this.vertx = (VertxInternal) vertx;
    }

    void start(@Observes StartupEvent started, ReleaseSteps steps) {
        config.port().ifPresent(port -> {
            Channel listener = listen(port);
            steps.register(new Close(listener, connections));
            LOG.infof("Listening on: tcp://0.0.0.0:%d name=line-server", port(listener));
        });
    }

    /** @throws ConfigurationException where that port cannot be listened on */
    Channel listen(int port) {
        long maxLine = config.maxLine().asLongValue();
        if (maxLine < 1 || maxLine > LARGEST_LINE) {
            throw new ConfigurationException(
                    "lastcall.line-server.max-line: " + maxLine + " (expected: 1 to " + LARGEST_LINE + " bytes)");
        }
        if (port < 0 || port > 0xffff) {
            throw wrongPort(port, "0 to 65535");
        }
        ChannelFuture bound = new TcpServer(vertx, client -> accepted(client, (int) maxLine))
                .listen(port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw wrongPort(port, "a port that is free; " + bound.cause().getMessage());
        }
        return bound.channel();
    }

    private static ConfigurationException wrongPort(int port, String expected) {
        return new ConfigurationException("lastcall.line-server.port: " + port + " (expected: " + expected + ")");
    }

    static int port(Channel listener) {
        return TcpServer.port(listener);
    }

    private void accepted(Channel client, int maxLine) {
        LineConversation conversation = new LineConversation(client, maxLine);
        client.pipeline().addLast(conversation);
        connections.add(client);
        Admission admission = inFlight.admit(conversation, EntryClass.TCP, true);
        if (admission instanceof Entry entry) {
            conversation.begin(entry);
        } else {
            conversation.goodbye();
        }
    }

    /** Accepts no more, and waits for those who have had their last words and not closed yet: an exit now might reset them. */
    private record Close(Channel listener, ChannelGroup connections) implements ReleaseStep {
        @Override
        public String name() {
            return "line-server";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.SOCKETS;
        }

        @Override
        public void release() throws InterruptedException {
            listener.close().await(LineConversation.LINGER_MS, TimeUnit.MILLISECONDS);
            connections.newCloseFuture().await(LineConversation.LINGER_MS, TimeUnit.MILLISECONDS);
        }
    }
}
