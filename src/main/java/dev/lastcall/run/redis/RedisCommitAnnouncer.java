package dev.lastcall.run.redis;

import dev.lastcall.drain.ReleaseStage;
import dev.lastcall.drain.ReleaseStep;
import dev.lastcall.drain.Time;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.tail.TailSource;
import dev.lastcall.run.tail.Tails;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Announces commits by Redis pub/sub: rows are published after their commit on a channel of their run, and a pod subscribes to the channels
 * of the runs that are followed on it. Redis stores nothing, so losing it costs time only. Thread-safe.
 *
 * <p>Most runs are followed on the pod that executes them. A run that nobody else heard is published again only after {@value
 * #QUIET_MILLIS} ms, which spares most of the messages and costs a new follower that much: what it misses meanwhile it reads from the log.
 */
public final class RedisCommitAnnouncer
        implements CommitAnnouncer, Tails.Interest, RedisSubscriber.Listener, ReleaseStep {
    private static final String RUN = "lastcall:run:";
    private static final String TAKEN = "lastcall:taken";
    private static final long QUIET_MILLIS = 100;
    private static final int MOST_QUIET = 10_000;

    private final Tails tails;
    private final Time time;
    private final RedisPublisher publisher;
    private final RedisSubscriber subscriber;
    private final Map<String, Long> quiet = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_QUIET;
        }
    };
    private volatile @Nullable Lost lost;

    public RedisCommitAnnouncer(Redis redis, Vertx vertx, Tails tails, Time time) {
        this.tails = tails;
        this.time = time;
        publisher = new RedisPublisher(new RedisLink(redis, vertx), new Breaker(time));
        subscriber = new RedisSubscriber(new RedisLink(redis, vertx), publisher, new Breaker(time), this);
    }

    @Override
    public void start(Lost lookout) {
        lost = lookout;
        subscriber.settle(TAKEN, () -> true);
        subscriber.start();
        tails.tell(this);
    }

    @Override
    public void committed(UUID run, List<Row> rows) {
        String channel = RUN + run;
        if (!rows.isEmpty() && !isQuiet(channel)) {
            publisher.publish(channel, CommitFrame.of(rows), this::heardBy);
        }
    }

    private boolean isQuiet(String channel) {
        synchronized (quiet) {
            Long until = quiet.get(channel);
            if (until != null && time.nanoTime() - until >= 0) {
                quiet.remove(channel);
                return false;
            }
            return until != null;
        }
    }

    private void heardBy(String channel, int receivers) {
        if (receivers == 0) {
            synchronized (quiet) {
                quiet.put(channel, time.nanoTime() + QUIET_MILLIS * 1_000_000);
            }
        }
    }

    @Override
    public void taken(UUID run) {
        publisher.publish(TAKEN, run.toString(), null);
    }

    @Override
    public void followed(UUID run) {
        subscriber.settle(RUN + run, () -> tails.follows(run));
    }

    @Override
    public void left(UUID run) {
        subscriber.settle(RUN + run, () -> tails.follows(run));
    }

    @Override
    public void standing(String channel) {
        run(channel).ifPresent(tails::lookAgain);
    }

    @Override
    public void heard(String channel, String text) {
        Lost lookout = lost;
        if (channel.equals(TAKEN) && lookout != null) {
            id(text).ifPresent(lookout::lookAfter);
            return;
        }
        run(channel).ifPresent(run -> {
            List<Row> rows = CommitFrame.rows(text);
            if (rows.isEmpty()) {
                tails.lookAgain(run);
            } else {
                tails.wake(run, TailSource.REDIS, rows);
            }
        });
    }

    private static Optional<UUID> run(String channel) {
        return channel.startsWith(RUN) ? id(channel.substring(RUN.length())) : Optional.empty();
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "news";
    }

    @Override
    public ReleaseStage stage() {
        return ReleaseStage.REDIS;
    }

    @Override
    public void release() {
        subscriber.close();
        publisher.close();
    }
}
