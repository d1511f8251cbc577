package dev.lastcall.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Time;
import dev.lastcall.drain.Trigger;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final StillTime time = new StillTime();
    private final Drain drain = new Drain(DrainSettings.defaults(), time, new InFlight(time));
    private final ManualPeerRegistry board = new ManualPeerRegistry();
    private final Identity identity = new Identity("me");
    private final Peers peers = new Peers(drain, time, identity, FleetAlone.SETTINGS, board);

    @Test
    void othersAreSeenBehindThisOneWithTheirAge() {
        board.others = List.of(sign("b", 1, "draining"), sign("a", 1, "serving"));
        board.answer();
        time.advance(Duration.ofSeconds(1));

        assertThat(peers.with(drain.view()))
                .extracting(Peer::pod, Peer::state, each -> each.age().toSeconds())
                .containsExactly(tuple("me", "serving", 0L), tuple("a", "serving", 1L), tuple("b", "draining", 1L));
    }

    @Test
    void signThatDoesNotBeatAnyMoreExpires() {
        board.others = List.of(sign("a", 7, "serving"));
        for (int second = 0; second < 10; second += 2) {
            board.answer();
            assertThat(peers.with(drain.view())).hasSize(2);
            time.advance(Duration.ofSeconds(2));
        }
        board.answer();

        assertThat(peers.with(drain.view())).hasSize(1);
    }

    @Test
    void silentRedisLetsThePeersExpireAndThisPodGoOn() {
        board.others = List.of(sign("a", 7, "serving"));
        board.answer();
        time.advance(Duration.ofSeconds(11));

        assertThat(peers.with(drain.view())).extracting(Peer::pod).containsExactly("me");
        assertThat(board.asked).as("one exchange, however long it takes").hasSize(2);
    }

    @Test
    void changeIsPublishedAtOnceAndThoseDuringAnExchangeAfterIt() {
        drain.trigger(Trigger.OPERATOR);
        time.advance(Duration.ZERO);
        assertThat(board.told()).containsExactly("serving");

        board.answer();
        assertThat(board.told()).containsExactly("serving", "lame-duck!");

        board.answer();
        drain.undrain();
        time.advance(Duration.ZERO);
        assertThat(board.told()).containsExactly("serving", "lame-duck!", "serving!");
    }

    @Test
    void redisThatComesBackIsAskedAgain() {
        board.fail();
        assertThat(board.asked).hasSize(1);

        time.advance(Duration.ofSeconds(2));
        board.others = List.of(sign("a", 1, "serving"));
        board.answer();

        assertThat(peers.with(drain.view())).hasSize(2);
    }

    @Test
    void clientThatIsClosedThrowsAndHarmsNothing() {
        board.answer();
        board.closed = true;
        drain.trigger(Trigger.SIGTERM);
        time.advance(Duration.ofSeconds(3));

        board.closed = false;
        time.advance(Duration.ofSeconds(2));
        assertThat(board.told()).last().isEqualTo("lame-duck");
    }

    @Test
    void nothingIsPublishedOnceTheReleaseHasBegun() {
        board.answer();
        drain.trigger(Trigger.SIGTERM);
        time.advance(Duration.ofSeconds(10));
        board.answerAll();
        assertThat(drain.beginRelease()).isTrue();
        time.advance(Duration.ZERO);
        board.answerAll();
        assertThat(board.told()).last().isEqualTo("releasing!");
        int asked = board.asked.size();

        time.advance(Duration.ofSeconds(10));

        assertThat(board.asked).hasSize(asked);

        peers.close();
        drain.stopped();
        time.advance(Duration.ZERO);
        assertThat(board.asked)
                .as("by then the client and its container are gone")
                .hasSize(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "[]",
                "{}",
                "{\"beat\": \"x\"}",
                "{\"beat\": -1}",
                "{\"deadline\": \"soon\"}",
                "{\"started-at\": 7}",
                "{\"state\": \"<b>\"}",
                "{\"state\": \"SERVING\"}",
                "{\"state\": null}",
                "{\"pod\": \"\"}",
                "{\"pod\": \"a b\"}",
                "{\"pod\": \"a\\u0000\"}",
                "{\"instance\": \"../x\"}",
                "{\"in-flight\": -5}",
                "{\"in-flight\": 1e300}",
                "{\"ready\": \"yes\"}"
            })
    void signThatCannotBeOneOfOursIsOverlooked(String changes) {
        JsonObject sign = new JsonObject(sign("a", 3, "draining").text());
        String text = changes.startsWith("{") && !changes.equals("{}")
                ? sign.mergeIn(new JsonObject(changes)).encode()
                : changes;

        assertThat(PeerStatus.parse(text, NOW)).isNull();
    }

    @Test
    void nameOfAHundredKilobytesIsOverlookedBeforeItIsRead() {
        JsonObject sign = new JsonObject(sign("a", 3, "draining").text());

        assertThat(PeerStatus.parse(sign.put("pod", "x".repeat(100_000)).encode(), NOW))
                .isNull();
        assertThat(PeerStatus.parse(sign.put("pod", "x".repeat(254)).encode(), NOW))
                .isNull();
        assertThat(PeerStatus.parse(sign.put("pod", "x".repeat(253)).encode(), NOW))
                .isNotNull();
    }

    /** Times that cannot be by the reader's clock; the pod is there, as its state is no matter of time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02T04:05:06Z",
                "2999-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59Z",
                "0001-01-01T00:00:00Z"
            })
    void timesThatCannotBeAreLeftOut(String time) {
        JsonObject sign = new JsonObject(sign("a", 3, "draining").text());

        PeerStatus began = Objects.requireNonNull(
                PeerStatus.parse(sign.copy().put("started-at", time).encode(), NOW));
        assertThat(began.startedAt()).isNull();
        assertThat(began.pod()).isEqualTo("a");
        if (!time.startsWith("2026")) {
            PeerStatus ends = Objects.requireNonNull(
                    PeerStatus.parse(sign.copy().put("deadline", time).encode(), NOW));
            assertThat(ends.deadline()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "//evil.example",
                "data:text/html,x",
                "http://",
                "http://user:pass@evil.example/",
                "http://a b/",
                "\"><script>"
            })
    void addressThatAPageMustNotLinkToIsLeftOut(String console) {
        JsonObject sign = new JsonObject(sign("a", 3, "draining").text()).put("console", console);

        assertThat(Objects.requireNonNull(PeerStatus.parse(sign.encode(), NOW)).console())
                .isNull();
    }

    @Test
    void signIsReadAsItWasWritten() {
        PeerStatus sign = sign("a", 3, "draining");

        assertThat(PeerStatus.parse(sign.text(), NOW)).isEqualTo(sign);
    }

    private static PeerStatus sign(String pod, long beat, String state) {
        return new PeerStatus(
                pod, "of-" + pod, beat, state, false, NOW.minusSeconds(3), null, 2, "http://10.1.2.3:9000");
    }

    /** A registry that answers when the test says so. */
    private static final class ManualPeerRegistry implements PeerRegistry {
        private record Asked(PeerStatus sign, boolean told, CompletableFuture<Void> left) {}

        final List<Asked> asked = new ArrayList<>();
        List<PeerStatus> others = List.of();
        boolean closed;

        @Override
        public Uni<Void> leave(PeerStatus sign, boolean told) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            Asked one = new Asked(sign, told, new CompletableFuture<>());
            asked.add(one);
            return Uni.createFrom().completionStage(one.left());
        }

        @Override
        public Uni<List<PeerStatus>> read() {
            return Uni.createFrom().item(others);
        }

        void answer() {
            asked.get(asked.size() - 1).left().complete(null);
        }

        void answerAll() {
            for (int i = 0; i < asked.size(); i++) {
                asked.get(i).left().complete(null);
            }
        }

        void fail() {
            asked.get(asked.size() - 1).left().completeExceptionally(new IllegalStateException("no route"));
        }

        /** States in their order; those that were told as a change with a mark. */
        List<String> told() {
            return asked.stream()
                    .map(each -> each.sign().state() + (each.told() ? "!" : ""))
                    .toList();
        }
    }

    private static final class StillTime implements Time {
        private record Due(long at, long sequence, Runnable action) {}

        private final PriorityQueue<Due> pending =
                new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::sequence));
        private long now;
        private long scheduled;

        void advance(Duration duration) {
            long end = now + duration.toNanos();
            for (Due next = pending.peek(); next != null && next.at() <= end; next = pending.peek()) {
                now = Math.max(now, next.at());
                pending.remove(next);
                next.action().run();
            }
            now = end;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(now);
        }

        @Override
        public Alarm schedule(Duration delay, Runnable action) {
            Due due = new Due(now + Math.max(0, delay.toNanos()), scheduled++, action);
            pending.add(due);
            return () -> pending.remove(due);
        }
    }
}
