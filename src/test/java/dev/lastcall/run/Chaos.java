package dev.lastcall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lastcall.testing.Operator;
import dev.lastcall.testing.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pods are ended, killed and replaced at random under clients that keep coming. More runs than in a build:
 * {@code -Dlastcall.it.runs=200 -Dlastcall.it.tokens=200 -Dlastcall.it.rounds=12}; the same once more: {@code -Dlastcall.it.seed=…}.
 */
final class Chaos implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(150);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final int RUNS = Integer.getInteger("lastcall.it.runs", 60);
    private static final int AT_ONCE = 15;

    private final Deployment pods = new Deployment("model.scripted.tokens-per-second", "25");
    private final List<Pod> ended = new ArrayList<>();
    private final Random random;
    private final Clients clients;
    private final int tokens;

    /**
     * @param tokens of a run, where no property says otherwise
     * @param stay how many tokens a client hears at one pod before it moves on by itself
     */
    Chaos(int tokens, int stay) {
        this.tokens = Integer.getInteger("lastcall.it.tokens", tokens);
        long seed = Long.getLong("lastcall.it.seed", System.nanoTime());
        System.out.println("lastcall.it.seed=" + seed);
        random = new Random(seed);
        clients = new Clients(AT_ONCE, stay);
    }

    void begin() {
        pods.add();
        pods.add();
        clients.keepComing(AT_ONCE, RUNS, tokens, pods::serving, SILENCE);
    }

    Deployment pods() {
        return pods;
    }

    /** Returns the number of faults: the given one, or that of the property. */
    static int rounds(int otherwise) {
        return Integer.getInteger("lastcall.it.rounds", otherwise);
    }

    /** Every client has begun anew: each pod has some, and no run loses all its attempts. */
    void awaitNewRuns() {
        awaitNewRuns(AT_ONCE + 1);
    }

    void awaitNewRuns(int count) {
        int before = clients.all().size();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(clients.all().size()).isGreaterThanOrEqualTo(before + count));
    }

    /** Ends a pod, or kills it in every second round, and puts another one in its place. */
    void strike(int round) {
        Pod struck = pods.serving().get(random.nextInt(pods.serving().size()));
        if (round % 2 == 0) {
            // A rolling update's step: the next pod is ready before the old one is told.
            pods.add();
            pods.withdraw(struck);
            struck.signal("TERM");
            ended.add(struck);
        } else {
            struck.signal("KILL");
            pods.withdraw(struck);
            pods.add();
        }
    }

    /** Every run has completed once, every client has heard each token once, and the pods that were told ended well. */
    void assertSurvived() throws Exception {
        List<RunClient> all = clients.finish(LIMIT);
        assertThat(all).hasSizeGreaterThanOrEqualTo(RUNS).allSatisfy(client -> {
            assertThat(client.tokens()).isEqualTo(Clients.countTo(tokens));
            assertThat(client.reason()).as(client.toString()).isEqualTo("completed");
        });
        // A begin whose answer was lost is a run that nobody follows, and no less whole.
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(pods.spoiled(tokens)).isZero());
        assertThat(number("SELECT count(*) FROM runs")).isGreaterThanOrEqualTo(all.size());
        assertThat(TestRuns.logsAreWhole(pods.databases().postgres())).isTrue();
        // The above can fail: runs did change hands both ways, in the middle.
        assertThat(number("SELECT sum(handoffs) FROM runs")).isPositive();
        assertThat(number("SELECT sum(attempts) FROM runs")).isPositive();
        assertThat(all).anyMatch(client -> client.connections() > 1);
        assertThat(ended).isNotEmpty().allSatisfy(pod -> {
            int code = pod.exitCode(LIMIT);
            assertThat(code).as(() -> new Operator(pod).report().toString()).isZero();
        });
        print(all);
    }

    private long number(String sql) {
        return Long.parseLong(pods.ask(sql));
    }

    /** Prints the figures of the test; respent tokens are told by the pods that are still there. */
    private void print(List<RunClient> all) {
        System.out.printf(
                "runs=%d handoffs=%d attempts=%d resumed-clients=%d connections=%d longest-gap-ms=%d tokens-respent=%.0f%n",
                number("SELECT count(*) FROM runs"),
                number("SELECT sum(handoffs) FROM runs"),
                number("SELECT sum(attempts) FROM runs"),
                all.stream().filter(client -> client.connections() > 1).count(),
                all.stream().mapToInt(RunClient::connections).sum(),
                all.stream()
                        .mapToLong(client -> client.longestGap().toMillis())
                        .max()
                        .orElse(0),
                pods.serving().stream()
                        .mapToDouble(pod -> new Operator(pod).metric("lastcall_tokens_respent_total"))
                        .sum());
    }

    @Override
    public void close() {
        clients.close();
        pods.close();
    }
}
