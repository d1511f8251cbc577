package dev.lastcall.run.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes to the channels that are wanted on this pod, on one connection. Everything but {@link #settle}, which comes from any thread,
 * happens on one event loop.
 *
 * <ul>
 *   <li>A message that is published before the subscription stands is not heard: the acknowledgement is told, and whoever wants to hear
 *       looks for itself then. The same after each reconnect, for every channel.
 *   <li>Wanted, left and wanted again while the commands are on their way: they arrive in this order, and the last acknowledgement is told.
 *   <li>Redis is silent, without a broken connection: this pod publishes to a channel of its own once a second; a connection on which
 *       nothing is heard for {@value #SILENCE_MILLIS} ms is closed and made anew.
 * </ul>
 */
final class RedisSubscriber {
    private static final Logger LOG = Logger.getLogger(RedisSubscriber.class);
    private static final long ECHO_MILLIS = 1000;
    private static final long SILENCE_MILLIS = 2500;
    private static final int CHANNELS_AT_ONCE = 500;

    /** Receives messages, on the event loop. */
    interface Listener {
        /** Called when the subscription to the channel has been acknowledged. */
        void standing(String channel);

        void heard(String channel, String text);
    }

    private final RedisLink link;
    private final RedisPublisher publisher;
    private final Breaker breaker;
    private final Listener listener;
    private final String echo = "lastcall:echo:" + UUID.randomUUID();

    // Of the event loop.
    private final Set<String> wanted = new LinkedHashSet<>();
    private @Nullable RedisConnection connection;
    private boolean connecting;
    private boolean closed;
    private boolean lost;
    private long heard;

    RedisSubscriber(RedisLink link, RedisPublisher publisher, Breaker breaker, Listener listener) {
        this.link = link;
        this.publisher = publisher;
        this.breaker = breaker;
        this.listener = listener;
        wanted.add(echo);
    }

    /** @param want asked on the event loop, so that the last call sees what is true in the end, in whatever order they come */
    void settle(String channel, BooleanSupplier want) {
        link.execute(() -> {
            boolean now = want.getAsBoolean();
            if (now && wanted.add(channel)) {
                send(Command.SUBSCRIBE, List.of(channel));
            } else if (!now && wanted.remove(channel)) {
                send(Command.UNSUBSCRIBE, List.of(channel));
            }
        });
    }

    /** Connects, and stays connected. */
    void start() {
        link.execute(this::connect);
        link.after(ECHO_MILLIS, this::watch);
    }

    private void connect() {
        if (closed || connecting || connection != null) {
            return;
        }
        connecting = true;
        link.connect(this::connected, failure -> {
            connecting = false;
            again(failure);
        });
    }

    private void connected(RedisConnection opened) {
        connecting = false;
        if (closed) {
            RedisLink.cut(opened);
            return;
        }
        connection = opened;
        heard = System.nanoTime();
        opened.handler(message -> link.execute(() -> hear(opened, message)));
        opened.endHandler(end -> link.execute(() -> drop(opened)));
        opened.exceptionHandler(failure -> link.execute(() -> drop(opened)));
        List<String> all = new ArrayList<>(wanted);
        for (int from = 0; from < all.size(); from += CHANNELS_AT_ONCE) {
            send(Command.SUBSCRIBE, all.subList(from, Math.min(all.size(), from + CHANNELS_AT_ONCE)));
        }
    }

    private void send(Command command, List<String> channels) {
        RedisConnection current = connection;
        if (current != null) {
            Request request = Request.cmd(command);
            channels.forEach(request::arg);
            current.send(request).onFailure(failure -> link.execute(() -> drop(current)));
        }
    }

    private void hear(RedisConnection from, @Nullable Response message) {
        if (from != connection || message == null || message.size() < 3) {
            return;
        }
        heard = System.nanoTime();
        String kind = message.get(0).toString();
        String channel = message.get(1).toString();
        if (kind.equals("subscribe")) {
            standing(channel);
        } else if (kind.equals("message") && !channel.equals(echo)) {
            listener.heard(channel, message.get(2).toString());
        }
    }

    private void standing(String channel) {
        breaker.succeeded();
        if (lost) {
            lost = false;
            LOG.info("Redis is heard again");
        }
        if (wanted.contains(channel) && !channel.equals(echo)) {
            listener.standing(channel);
        }
    }

    private void drop(RedisConnection dead) {
        if (dead == connection) {
            connection = null;
            RedisLink.cut(dead);
            again(null);
        }
    }

    private void again(@Nullable Throwable failure) {
        if (closed) {
            return;
        }
        if (!lost) {
            lost = true;
            LOG.infof(
                    "Redis is not heard, followers of other pods' runs wait for the log cause=%s",
                    failure == null ? "the connection ended" : failure.getMessage());
        }
        breaker.failed();
        double jitter = 0.8 + 0.4 * ThreadLocalRandom.current().nextDouble();
        link.after((long) (breaker.rest().toMillis() * jitter), this::connect);
    }

    private void watch() {
        if (closed) {
            return;
        }
        RedisConnection current = connection;
        long silent = (System.nanoTime() - heard) / 1_000_000;
        if (current != null && silent > SILENCE_MILLIS) {
            drop(current);
        } else if (current != null) {
            publisher.publish(echo, "", null);
        }
        link.after(ECHO_MILLIS, this::watch);
    }

    /** Ends all subscriptions and closes the connection. */
    void close() {
        link.execute(() -> {
            closed = true;
            RedisConnection last = connection;
            connection = null;
            if (last != null) {
                RedisLink.cut(last);
            }
        });
    }
}
