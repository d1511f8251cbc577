package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
    private final NioEventLoopGroup group = new NioEventLoopGroup(3);
    private final EventLoops loops = new EventLoops();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() throws InterruptedException {
        release.countDown();
        group.shutdownGracefully().await();
    }

    /** Ticks, and lets every loop that turns run its task. */
    private void tick(EventExecutor... turning) throws Exception {
        loops.tick();
        for (EventExecutor loop : turning) {
            loop.submit(() -> {}).get();
        }
    }

    @Test
    void loopThatTurnsIsAliveForEver() throws Exception {
        loops.watch(group);
        EventExecutor[] all = {group.next(), group.next(), group.next()};
        for (int i = 0; i < 100; i++) {
            tick(all);
        }
        assertThat(loops.stalled()).isZero();
    }

    @Test
    void oneLoopThatDoesNotTurnIsFoundAndAlsoWhenItTurnsAgain() throws Exception {
        loops.watch(group);
        EventExecutor stalled = group.next();
        EventExecutor[] others = {group.next(), group.next()};
        CountDownLatch begun = new CountDownLatch(1);
        stalled.execute(() -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        for (int i = 0; i < EventLoops.STALLED_TICKS; i++) {
            tick(others);
            assertThat(loops.stalled()).isZero();
        }
        tick(others);
        assertThat(loops.stalled()).isOne();
        release.countDown();
        await().untilAsserted(() -> assertThat(loops.stalled()).isZero());
    }

    @Test
    void loopsThatHaveEndedAreNotWatched() throws Exception {
        NioEventLoopGroup ended = new NioEventLoopGroup(2);
        loops.watch(ended);
        ended.shutdownGracefully().await();
        for (int i = 0; i < 2 * EventLoops.STALLED_TICKS; i++) {
            tick();
        }
        assertThat(loops.stalled()).isZero();
    }
}
