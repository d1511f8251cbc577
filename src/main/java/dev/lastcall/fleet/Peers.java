package dev.lastcall.fleet;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSignal;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.ReleaseSteps;
import dev.lastcall.drain.Time;
import io.quarkus.arc.InjectableInstance;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.spi.ObserverMethod;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The states of the fleet's pods: this pod publishes its state at every change and regularly, and reads the others'. Questions are answered
 * from what was read last, so neither the drain, whose notes only set a mark, nor the console waits for Redis. Thread-safe.
 *
 * <p>At most one exchange with Redis is under way, however many notes come and however long Redis is silent; what changed meanwhile is told
 * by the next one, which follows at once. An exchange reads the drain when it begins, so the last of them tells the last state.
 */
@Singleton
// Behind the history, so that it is released before it.
@Startup(ObserverMethod.DEFAULT_PRIORITY + 1)
public final class Peers {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.fleet");

    private final Drain drain;
    private final Time time;
    private final Identity identity;
    private final @Nullable PeerRegistry board;
    private final Duration refresh;
    private final PeerLiveness sightings;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private final AtomicBoolean changed = new AtomicBoolean();
    private final AtomicBoolean silent = new AtomicBoolean();
    private final AtomicLong beats = new AtomicLong();
    private final DrainSignal.@Nullable Registration notes;
    private volatile boolean closed;

    @Inject
    Peers(
            Drain drain,
            ReleaseSteps steps,
            Time time,
            Identity identity,
            FleetConfig config,
            InjectableInstance<ReactiveRedisDataSource> redis) {
        this(drain, time, identity, checked(config), board(redis, checked(config)));
        if (board != null) {
            steps.register(new Close(this));
        }
    }

    Peers(Drain drain, Time time, Identity identity, FleetSettings settings, @Nullable PeerRegistry board) {
        this.drain = drain;
        this.time = time;
        this.identity = identity;
        this.board = board;
        refresh = settings.refresh();
        sightings = new PeerLiveness(time, settings.expiry());
        notes = board == null ? null : drain.subscribe(this::noted);
        if (board != null) {
            beat();
        }
    }

    /** Ends the exchanges: Redis, and the connection to it, may be gone at any moment. */
    void close() {
        closed = true;
        if (notes != null) {
            notes.close();
        }
    }

    private static FleetSettings checked(FleetConfig config) {
        try {
            return FleetSettings.of(config);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private static @Nullable PeerRegistry board(
            InjectableInstance<ReactiveRedisDataSource> redis, FleetSettings settings) {
        return redis.listActive().stream()
                .findFirst()
                .map(source -> new RedisPeerRegistry(source, settings, Clock.systemUTC()))
                .orElse(null);
    }

    /** Whether other pods can be seen from here. */
    public boolean isShared() {
        return board != null;
    }

    /**
     * Returns this pod as it is, then the others as they published themselves last; this pod alone without Redis, or where Redis has been
     * silent for too long.
     */
    public List<Peer> with(DrainView self) {
        Stream<Peer> others =
                sightings.peers().stream().filter(peer -> !peer.instance().equals(identity.instance()));
        Peer here = PeerStatus.of(identity, 0, self).seen(Duration.ZERO);
        return Stream.concat(Stream.of(here), others).toList();
    }

    private void beat() {
        if (!isClosing()) {
            exchange();
            time.schedule(refresh, this::beat);
        }
    }

    /** Whether Redis is about to be closed; the status of RELEASING itself may still get through. */
    private boolean isClosing() {
        return drain.state() == DrainState.RELEASING || drain.state() == DrainState.STOPPED;
    }

    private void noted(Note note) {
        changed.set(true);
        exchange();
    }

    private void exchange() {
        PeerRegistry shared = board;
        if (shared == null || closed || !underWay.compareAndSet(false, true)) {
            return;
        }
        boolean told = changed.getAndSet(false);
        PeerStatus sign = PeerStatus.of(identity, beats.incrementAndGet(), drain.view());
        // Deferred, because a client that is closed throws at once.
        Uni.createFrom()
                .deferred(() -> shared.leave(sign, told))
                .chain(shared::read)
                .subscribe()
                .with(signs -> ended(signs, null), failure -> ended(List.of(), failure));
    }

    private void ended(List<PeerStatus> signs, @Nullable Throwable failure) {
        if (failure == null) {
            sightings.note(signs);
        }
        report(failure);
        underWay.set(false);
        // A change that came while this was under way found it taken. After a failure the next beat is soon enough.
        if (failure == null && changed.get()) {
            exchange();
        }
    }

    /** Logs a failure once for each silence, not for each refresh. */
    private void report(@Nullable Throwable failure) {
        boolean wasSilent = silent.getAndSet(failure != null);
        if (isClosing() || drain.haltRemaining() != null) {
            // Redis often ends with its pods, and this one is ending: nobody has to look after it.
            if (failure != null && !wasSilent) {
                LOG.debugf("Redis does not answer while this pod ends: %s", failure);
            }
        } else if (failure != null && !wasSilent) {
            LOG.warnf("Redis does not answer, peers are not seen: %s", failure);
        } else if (failure == null && wasSilent) {
            LOG.info("Redis answers again");
        }
    }

    private record Close(Peers peers) implements ReleaseStep {
        @Override
        public String name() {
            return "peers";
        }

        @Override
        public ReleaseStage stage() {
            return ReleaseStage.STATE;
        }

        @Override
        public void release() {
            peers.close();
        }
    }
}
