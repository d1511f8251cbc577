package dev.lastcall.proxy;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.http.EventLoopLiveness;
import dev.lastcall.http.HttpGate;
import dev.lastcall.proxy.client.ClientLimits;
import dev.lastcall.proxy.client.ProxyTransport;
import dev.lastcall.proxy.health.ApplicationHealth;
import dev.lastcall.proxy.health.ApplicationProbe;
import dev.lastcall.proxy.health.HealthQuestion;
import dev.lastcall.proxy.health.Revival;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.proxy.settings.ProxyConfig;
import dev.lastcall.proxy.settings.ProxySettings;
import dev.lastcall.proxy.tcp.TcpPort;
import dev.lastcall.proxy.tcp.TcpUpstream;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SSLOptions;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The sidecar's seat, taken where an upstream or a TCP port is configured. Its event loops are its own, one for each core: Quarkus' own
 * measure and trace what passes, and serve port 9000, which is to answer whatever happens here.
 */
@Singleton
final class Sidecar {
    private static final Logger LOG = Logger.getLogger(Sidecar.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final long HEAP_OF_A_CONNECTION = 16 << 10;
    private static final Duration REVIVAL_PACE = Duration.ofMillis(500);

    private final ProxyConfig config;
    private final HttpGate gate;
    private final Drain drain;
    private final InFlight inFlight;
    private final TlsConfigurationRegistry registry;
    private final List<TcpPort> tcpPorts = new CopyOnWriteArrayList<>();
    private volatile @Nullable ClientLimits limits;
    private volatile @Nullable HttpSidecar http;
    private volatile @Nullable ApplicationHealth health;

    Sidecar(ProxyConfig config, HttpGate gate, Drain drain, InFlight inFlight, TlsConfigurationRegistry registry) {
        this.config = config;
        this.gate = gate;
        this.drain = drain;
        this.inFlight = inFlight;
        this.registry = registry;
    }

    void start(@Observes StartupEvent started, ReleaseSteps steps, @Liveness EventLoopLiveness liveness) {
        if (config.upstream().isEmpty() && config.tcp().isEmpty()) {
            return;
        }
        ClientLimits allowed = limits();
        limits = allowed;
        Vertx own = ProxyTransport.vertx(allowed);
        liveness.watch(own);
        steps.register(new Close(own));
        try {
            ProxySettings settings = config.upstream()
                    .map(url -> ProxySettings.of(config, url, registry))
                    .orElse(null);
            HealthQuestion question = HealthQuestion.of(config);
            if (settings != null) {
                startHttp(own, settings, allowed.loops());
            }
            List<HostPort> ports = new ArrayList<>();
            config.tcp().forEach((name, tcp) -> ports.add(startTcp(own, name, tcp)));
            watch(own, ports, settings, question);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private ClientLimits limits() {
        int loops = Runtime.getRuntime().availableProcessors();
        long byHeap = Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / HEAP_OF_A_CONNECTION);
        try {
            return new ClientLimits(
                    config.headTimeout(),
                    config.sendTimeout(),
                    config.maxConnections().orElse(Math.max(loops, (int) byHeap)),
                    loops);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /** How many connections were ended because their clients took nothing. */
    long stalled() {
        ClientLimits allowed = limits;
        return allowed == null ? 0 : allowed.stalledCount();
    }

    /** How many connections were ended because there were too many. */
    long surplus() {
        ClientLimits allowed = limits;
        return allowed == null ? 0 : allowed.surplusCount();
    }

    private void startHttp(Vertx own, ProxySettings settings, int loops) {
        HttpSidecar started = new HttpSidecar(settings, gate);
        await(
                "lastcall.proxy.listen",
                config.listen(),
                started.start(own, loops).toCompletionStage());
        http = started;
        LOG.infof(
                "Listening on: %s://%s upstream=%s://%s",
                settings.tls().clients() == null ? "http" : "https",
                started.address(),
                settings.tls().toApplication() ? "https" : "http",
                settings.upstream());
    }

    /** Quarkus has read a renewed certificate. */
    void renewed(@Observes CertificateUpdatedEvent event) {
        HttpSidecar served = http;
        ApplicationHealth asked = health;
        SSLOptions tls = event.tlsConfiguration().getSSLOptions();
        if (served != null && config.tls().filter(event.name()::equals).isPresent()) {
            served.renewServer(tls)
                    .onFailure(failure -> LOG.warnf(
                            failure, "renewed certificate not shown, the one before it is: tls=%s", event.name()));
        }
        if (served != null
                && asked != null
                && config.upstreamTls().filter(event.name()::equals).isPresent()) {
            served.renewClients(tls);
            asked.renew(tls);
        }
    }

    private HostPort startTcp(Vertx own, String name, ProxyConfig.Tcp tcp) {
        String prefix = "lastcall.proxy.tcp." + name;
        HostPort listen = HostPort.parse(prefix + ".listen", tcp.listen());
        HostPort upstream = HostPort.parse(prefix + ".upstream", tcp.upstream());
        TcpUpstream to = new TcpUpstream((VertxInternal) own, upstream, config.connectTimeout());
        TcpPort port = new TcpPort(name, listen, to, drain, inFlight);
        HostPort address = await(prefix + ".listen", tcp.listen(), port.start());
        tcpPorts.add(port);
        LOG.infof("Listening on: tcp://%s name=%s upstream=%s", address, name, upstream);
        return upstream;
    }

    private void watch(Vertx own, List<HostPort> tcp, @Nullable ProxySettings settings, HealthQuestion question) {
        List<HostPort> ports = new ArrayList<>(tcp);
        ApplicationProbe probe = null;
        if (settings != null
                && question.equals(HealthQuestion.NONE)
                && !settings.tls().toApplication()) {
            ports.add(settings.upstream());
        } else if (settings != null) {
            probe = new ApplicationProbe(own, settings.upstream(), settings.protocol(), settings.tls(), question);
        }
        health = new ApplicationHealth(own, ports, probe);
        new Revival(own, drain, health, REVIVAL_PACE).follow();
    }

    private static <T> T await(String key, String value, CompletionStage<T> listening) {
        try {
            return listening.toCompletableFuture().get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: an address and port of this machine that is free; "
                            + e.getMessage() + ")",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether the application is up, and every TCP port is open that is to be; where there is neither, yes. */
    CompletionStage<Boolean> isHealthy() {
        ApplicationHealth asked = health;
        if (asked == null) {
            return CompletableFuture.completedFuture(true);
        }
        return asked.check()
                .map(found -> found == ApplicationHealth.Health.UP
                        && tcpPorts.stream().allMatch(TcpPort::isReady))
                .toCompletionStage();
    }

    /** Returns the address of the health check. */
    String upstream() {
        return config.upstream()
                .orElseGet(() -> config.tcp().isEmpty()
                        ? "none"
                        : String.join(
                                ",",
                                config.tcp().values().stream()
                                        .map(ProxyConfig.Tcp::upstream)
                                        .toList()));
    }

    /** Closes its ports, what is left of its connections, and its event loops. */
    private record Close(Vertx own) implements ReleaseStep {
        @Override
        public String name() {
            return "proxy";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.SOCKETS;
        }

        @Override
        public void release() throws Exception {
            own.close().toCompletionStage().toCompletableFuture().get(timeout().toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
