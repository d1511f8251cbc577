package dev.lastcall.management;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.Entry;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Trigger;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreStopTest {
    private final Port port = new Port();
    private final Entry blocker = port.admit("/slow");

    @AfterEach
    void close() {
        port.close();
    }

    @Test
    void twoHooksJoinOneDrainAndBothAnswer200WhenDrained() throws Exception {
        var first = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(1);
        var second = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(2);
        port.time.advance(ofSeconds(10));
        assertThat(port.drain.state()).isEqualTo(DrainState.DRAINING);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(port.flushes).hasSize(2).noneMatch(CompletableFuture::isDone);

        blocker.end(Outcome.COMPLETED);
        port.time.advance(ofSeconds(0));

        assertThat(first.get(60, SECONDS).statusCode()).isEqualTo(200);
        assertThat(second.get(60, SECONDS).statusCode()).isEqualTo(200);
        assertThat(Port.json(first.get()).getString("state")).isEqualTo("drained");
        assertThat(Port.json(first.get()).getInteger("generation")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(port.flushes).hasSize(2).allMatch(CompletableFuture::isDone));
        awaitWaiting(0);
    }

    @Test
    void hookIsAnsweredAtOnceOnceDrained() throws Exception {
        blocker.end(Outcome.COMPLETED);
        port.drain.trigger(Trigger.SIGTERM);
        port.time.advance(ofSeconds(10));
        assertThat(port.drain.state()).isEqualTo(DrainState.DRAINED);

        assertThat(port.send("GET", "/drain/pre-stop").statusCode()).isEqualTo(200);
        awaitWaiting(0);
    }

    @Test
    void answerIsRegisteredBeforeTheReleaseIsDue() throws Exception {
        var hook = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(1);
        var registered = port.drain.whenReleaseDue().thenApply(due -> port.flushes.size());
        port.drain.trigger(Trigger.SIGTERM);
        blocker.end(Outcome.COMPLETED);
        port.time.advance(ofSeconds(10));

        assertThat(registered.toCompletableFuture().get(60, SECONDS)).isEqualTo(1);
        assertThat(hook.get(60, SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void vanishedPreStopClientLeavesNoWatcherAndTheDrainContinues() throws Exception {
        Socket client = port.get("/drain/pre-stop");
        awaitWaiting(1);

        client.close();

        awaitWaiting(0);
        await().untilAsserted(() -> assertThat(port.flushes).hasSize(1).allMatch(CompletableFuture::isDone));
        assertThat(port.drain.state()).isEqualTo(DrainState.LAME_DUCK);
    }

    @Test
    void hookThatNoSignalFollowedExpiresWith409() throws Exception {
        var hook = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(1);
        port.drain.expirePreStop();
        port.time.advance(ofSeconds(0));

        var response = hook.get(60, SECONDS);
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Port.json(response).getString("type")).isEqualTo("urn:lastcall:problem:undone");
        assertThat(Port.json(response).getString("state")).isEqualTo("serving");
        assertThat(port.flushes).hasSize(1);
        await().untilAsserted(() -> assertThat(port.flushes).allMatch(CompletableFuture::isDone));
        awaitWaiting(0);
    }

    @Test
    void drainedHookExpiresFiveSecondsAfterTheGracePeriod() throws Exception {
        blocker.end(Outcome.COMPLETED);
        var hook = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(1);
        port.time.advance(ofSeconds(10));
        assertThat(hook.get(60, SECONDS).statusCode()).isEqualTo(200);

        port.time.advance(ofSeconds(24));
        assertThat(port.drain.state()).isEqualTo(DrainState.DRAINED);
        port.time.advance(ofSeconds(1));

        assertThat(Port.json(port.send("GET", "/drain")).getString("state")).isEqualTo("serving");
    }

    @Test
    void hookInALaterGenerationWaitsForItsOwnDrain() throws Exception {
        var first = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(1);
        // The first hook's note is not delivered yet when the second hook comes.
        port.drain.expirePreStop();
        var second = port.begin("GET", "/drain/pre-stop");
        awaitWaiting(2);
        port.time.advance(ofSeconds(0));
        assertThat(first.get(60, SECONDS).statusCode()).isEqualTo(409);
        awaitWaiting(1);

        blocker.end(Outcome.COMPLETED);
        port.time.advance(ofSeconds(10));

        assertThat(second.get(60, SECONDS).statusCode()).isEqualTo(200);
        assertThat(Port.json(second.get()).getInteger("generation")).isEqualTo(2);
    }

    private void awaitWaiting(int count) {
        await().untilAsserted(() -> assertThat(port.watchers.count()).isEqualTo(count));
    }
}
