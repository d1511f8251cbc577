package dev.lastcall.run.redis;

import static dev.lastcall.run.TestRuns.await;
import static dev.lastcall.run.TestRuns.newId;
import static dev.lastcall.run.TestRuns.newRun;
import static dev.lastcall.run.TestRuns.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.LoggedEvent;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.AppendResult;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.postgres.TestPod;
import dev.lastcall.run.tail.TailSource;
import dev.lastcall.run.tail.Tails;
import dev.lastcall.testing.RedisProcess;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pods on one PostgreSQL and one Redis: one executes, on the other somebody follows. */
class RedisCommitAnnouncerTest {
    private static final DataSource DATABASE = TestRuns.database();
    private static final TestPod EXECUTES = TestPod.start(DATABASE);
    private static final TestPod FOLLOWS = TestPod.start(DATABASE);
    private static final Vertx VERTX = Vertx.vertx();
    private static final Time TIME = new SystemTime("news");

    private final RedisProcess redis = RedisProcess.start();
    private final Side executing = new Side(EXECUTES);
    private final Side following = new Side(FOLLOWS);
    private final List<UUID> lookedAfter = new CopyOnWriteArrayList<>();
    private final List<Integer> seqs = new CopyOnWriteArrayList<>();
    private final AtomicInteger completions = new AtomicInteger();
    private final UUID run = newId();
    private int next = 1;

    /** One pod's tails and announcer. */
    private final class Side {
        final Redis client = Redis.createClient(VERTX, options());
        final Tails tails;
        final RedisCommitAnnouncer news;

        Side(TestPod pod) {
            tails = new Tails(pod.log(), TIME);
            news = new RedisCommitAnnouncer(client, VERTX, tails, TIME);
            tails.poll();
        }

        void close() {
            news.release();
            client.close();
        }
    }

    private RedisOptions options() {
        RedisOptions options = new RedisOptions().setConnectionString(redis.url());
        options.getNetClientOptions().setReadIdleTimeout(5);
        return options;
    }

    @BeforeEach
    void begin() throws Exception {
        EXECUTES.begin(newRun(run, RunStatus.RUNNING));
        executing.news.start(lookedAfter::add);
        following.news.start(ignored -> {});
    }

    @AfterEach
    void end() {
        executing.close();
        following.close();
        redis.close();
    }

    @AfterAll
    static void stop() {
        EXECUTES.close();
        FOLLOWS.close();
        VERTX.close();
    }

    @Test
    void eventsPassByRedisEachOnceAndInOrder() throws Exception {
        follow();
        untilRedisBrings();
        long before = fromRedis();
        for (int i = 0; i < 100; i++) {
            write(2);
        }
        finish();

        assertAllCameOnce();
        assertThat(fromRedis() - before).isGreaterThan(100);
    }

    @Test
    void killedRedisCostsNothingButTimeAndIsUsedAgainWhenItIsBack() throws Exception {
        follow();
        untilRedisBrings();
        redis.kill();
        write(3);
        awaitAll();
        write(3);
        awaitAll();
        redis.restart();
        untilRedisBrings();
        finish();

        assertAllCameOnce();
    }

    @Test
    void pausedRedisBlocksNothingAndIsUsedAgainAfterwards() throws Exception {
        follow();
        untilRedisBrings();
        redis.freeze();
        for (int i = 0; i < 200; i++) {
            write(1);
        }
        awaitAll();
        redis.thaw();
        untilRedisBrings();
        finish();

        assertAllCameOnce();
    }

    @Test
    void flushedRedisAndCutSubscriptionsLoseNothing() throws Exception {
        follow();
        untilRedisBrings();
        redis.command("FLUSHALL");
        // Each of the two pods subscribes in its own time.
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        redis.command("CLIENT LIST TYPE pubsub").split("id=", -1))
                .hasSize(3));
        assertThat(redis.command("CLIENT KILL TYPE pubsub")).startsWith(":2");
        write(5);
        awaitAll();
        untilRedisBrings();
        finish();

        assertAllCameOnce();
    }

    @Test
    void absentRedisIsNoticedWhenItComes() throws Exception {
        redis.kill();
        follow();
        write(5);
        awaitAll();
        redis.restart();
        untilRedisBrings();
        finish();

        assertAllCameOnce();
    }

    @Test
    void messagesThatAreNoneOfOursChangeNothing() throws Exception {
        follow();
        untilRedisBrings();
        for (String text :
                List.of("x", "\"999 14\"", "\"1 14 \\\"again\\\"\"", "\"-1 99 {}\"", "\"999999 14 \\\"far\\\"\"")) {
            assertThat(redis.command("PUBLISH lastcall:run:" + run + " " + text))
                    .startsWith(":1");
        }
        redis.command("PUBLISH lastcall:taken nobody");
        write(5);
        untilRedisBrings();
        finish();

        assertAllCameOnce();
    }

    @Test
    void ownerIsNotifiedAtOnceThatItsRunWasTaken() {
        until().untilAsserted(() -> {
            following.news.taken(run);
            assertThat(lookedAfter).contains(run);
        });
    }

    @Test
    void subscriptionsEndWithTheLastFollower() {
        Flow.Subscription first = follow();
        Flow.Subscription second = follow();
        until().untilAsserted(() -> assertThat(channels()).contains(run.toString()));
        first.cancel();
        follow().cancel();
        assertThat(channels()).contains(run.toString());
        second.cancel();
        until().untilAsserted(() -> assertThat(channels()).doesNotContain(run.toString()));
    }

    private String channels() {
        return redis.command("PUBSUB CHANNELS lastcall:run:*");
    }

    private Flow.Subscription follow() {
        Flow.Subscription[] started = new Flow.Subscription[1];
        following.tails.follow(run, -1, new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                started[0] = subscription;
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(LoggedEvent event) {
                seqs.add(event.seq());
            }

            @Override
            public void onError(Throwable failure) {
                seqs.add(-1);
            }

            @Override
            public void onComplete() {
                completions.incrementAndGet();
            }
        });
        return started[0];
    }

    private void write(int count) throws Exception {
        write(tokens(next, count), null);
    }

    private void write(List<Row> rows, @Nullable RunStatus status) throws Exception {
        AppendResult result = await(EXECUTES.log().append(new Batch(run, 1, next, rows, status)));
        assertThat(result).isEqualTo(new AppendResult.Committed());
        next += rows.size();
        executing.tails.then(executing.news).committed(run, rows);
    }

    private void finish() throws Exception {
        write(List.of(new Row(next, EventType.COMPLETED, "{}")), RunStatus.COMPLETED);
    }

    private long fromRedis() {
        return following.tails.takenFrom(TailSource.REDIS);
    }

    private void untilRedisBrings() {
        long before = fromRedis();
        until().untilAsserted(() -> {
            write(1);
            assertThat(fromRedis()).isGreaterThan(before);
        });
    }

    private void awaitAll() {
        until().untilAsserted(() -> assertThat(seqs).hasSize(next));
    }

    private void assertAllCameOnce() {
        until().untilAsserted(() -> assertThat(completions).hasValue(1));
        assertThat(seqs)
                .containsExactlyElementsOf(IntStream.range(0, next).boxed().toList());
    }

    private static ConditionFactory until() {
        return Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(60));
    }
}
