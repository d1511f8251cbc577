package dev.lastcall.run.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages in order, on one connection, one batch at a time. Messages that cannot be sent soon are dropped, because late
 * announcements are useless. Thread-safe.
 *
 * <ul>
 *   <li>Redis is slow or silent: at most one batch of it is on its way and {@value #MOST} messages or {@value #MOST_BYTES} bytes wait; the
 *       rest is dropped. A batch without an answer within {@value RedisLink#LIMIT_MILLIS} ms costs the connection and opens the breaker.
 *   <li>The breaker is open: dropped before anything is made of it.
 *   <li>A batch fails after a part of it was published: nothing is sent again, so nothing is doubled.
 * </ul>
 */
final class RedisPublisher {
    private static final int MOST = 4096;
    private static final int MOST_BYTES = 4 << 20;
    private static final int BATCH = 512;

    /** @param receivers receives the number of subscribers that got the message; null: not needed */
    private record Message(
            String channel, String text, @Nullable BiConsumer<String, Integer> receivers) {}

    private final RedisLink link;
    private final Breaker breaker;
    private List<Message> waiting = new ArrayList<>();
    private int bytes;
    private boolean sending;
    private boolean closed;

    // Of the event loop.
    private @Nullable RedisConnection connection;

    RedisPublisher(RedisLink link, Breaker breaker) {
        this.link = link;
        this.breaker = breaker;
    }

    /** Queues a message; false if it was dropped. */
    boolean publish(String channel, String text, @Nullable BiConsumer<String, Integer> receivers) {
        synchronized (this) {
            if (closed || waiting.size() >= MOST || bytes > MOST_BYTES) {
                return false;
            }
            if (!sending && !breaker.allows()) {
                return false;
            }
            waiting.add(new Message(channel, text, receivers));
            bytes += text.length();
            if (sending) {
                return true;
            }
            sending = true;
        }
        link.execute(this::send);
        return true;
    }

    private void send() {
        RedisConnection current = connection;
        if (current == null) {
            link.connect(
                    opened -> {
                        connection = opened;
                        opened.endHandler(end -> forget(opened));
                        opened.exceptionHandler(failure -> forget(opened));
                        send();
                    },
                    this::failed);
            return;
        }
        List<Message> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        List<Request> requests = new ArrayList<>();
        batch.forEach(each ->
                requests.add(Request.cmd(Command.PUBLISH).arg(each.channel()).arg(each.text())));
        RedisLink.limited(current.batch(requests))
                .onComplete(answer -> link.execute(() -> {
                    if (answer.succeeded()) {
                        breaker.succeeded();
                        told(batch, answer.result());
                        send();
                    } else {
                        failed(answer.cause());
                    }
                }));
    }

    /** Takes the next batch; an empty one ends the sending. */
    private synchronized List<Message> take() {
        int size = Math.min(BATCH, waiting.size());
        List<Message> batch = new ArrayList<>(waiting.subList(0, size));
        waiting.subList(0, size).clear();
        batch.forEach(each -> bytes -= each.text().length());
        sending = !batch.isEmpty();
        return batch;
    }

    private static void told(List<Message> batch, List<Response> answers) {
        for (int i = 0; i < Math.min(batch.size(), answers.size()); i++) {
            BiConsumer<String, Integer> receivers = batch.get(i).receivers();
            Response answer = answers.get(i);
            if (receivers != null && answer != null) {
                receivers.accept(batch.get(i).channel(), answer.toInteger());
            }
        }
    }

    private void failed(Throwable cause) {
        breaker.failed();
        drop();
        synchronized (this) {
            waiting = new ArrayList<>();
            bytes = 0;
            sending = false;
        }
    }

    private void forget(RedisConnection ended) {
        if (connection == ended) {
            connection = null;
        }
    }

    private void drop() {
        RedisConnection dropped = connection;
        connection = null;
        if (dropped != null) {
            RedisLink.cut(dropped);
        }
    }

    /** Sends nothing more. */
    void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
        }
        link.execute(this::drop);
    }
}
