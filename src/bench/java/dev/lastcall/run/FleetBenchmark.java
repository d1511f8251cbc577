package dev.lastcall.run;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.Batch;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.postgres.RunSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The cost of pods without models for PostgreSQL: none, idle ones, the time from a hand-off to its claim, and inserts beside a million ended runs and
 * 5 000 that wait. All pods are in this process, each with connections of its own.
 */
public final class FleetBenchmark {
    private static final int[] PODS = Arrays.stream(
                    System.getProperty("bench.pods", "0,1,2,20,200").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
    private static final int SECONDS = Integer.getInteger("bench.idle-seconds", 15);
    private static final int HANDOFFS = Integer.getInteger("bench.handoffs", 200);
    private static final int ENDED = Integer.getInteger("bench.ended", 1_000_000);
    private static final int WAITING = Integer.getInteger("bench.waiting", 5_000);
    private static final int INSERTS = Integer.getInteger("bench.inserts", 1_000);
    private static final String COMMITS =
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";

    private final Server server;
    private final List<PostgresRuns> pods = new ArrayList<>();
    private final Map<UUID, Long> claimedAt = new ConcurrentHashMap<>();
    private final List<Claims> owners = new ArrayList<>();

    private FleetBenchmark(Server server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        for (int pods : PODS) {
            try (Server server = Server.start(50 + 8 * pods)) {
                FleetBenchmark fleet = new FleetBenchmark(server);
                fleet.open(pods, 1000);
                fleet.idle();
                if (pods > 1) {
                    fleet.handOff();
                }
                fleet.pods.forEach(PostgresRuns::close);
            }
        }
        try (Server server = Server.start(50)) {
            FleetBenchmark fleet = new FleetBenchmark(server);
            fleet.open(2, 100);
            fleet.insert();
            fleet.pods.forEach(PostgresRuns::close);
        }
    }

    private void open(int count, int maxOwned) throws SQLException {
        RunSettings settings = new RunSettings(
                Duration.ofHours(24),
                Duration.ofHours(1),
                maxOwned,
                Duration.ofSeconds(10),
                1,
                Duration.ofMillis(5),
                0);
        for (int i = 0; i < count; i++) {
            PostgresRuns pod = PostgresRuns.open(server.database(), new SystemTime("bench-" + i), settings);
            Claims owner = new Claims();
            pod.ownership().start(owner);
            owners.add(owner);
            pods.add(pod);
        }
        for (PostgresRuns pod : pods) {
            while (!pod.ownership().mayOwn()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private void idle() throws Exception {
        // Everybody has learnt of everybody.
        LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
        long commits = Long.parseLong(TestRuns.one(server.database(), COMMITS));
        Duration cpu = server.cpu();
        LockSupport.parkNanos(Duration.ofSeconds(SECONDS).toNanos());
        // Statistics are handed in once a second and after a session's next statement: a few are missing at each end.
        double each = (Long.parseLong(TestRuns.one(server.database(), COMMITS)) - commits) / (double) SECONDS;
        double cores = server.cpu().minus(cpu).toNanos() / 1e9 / SECONDS;
        System.out.printf(
                Locale.ROOT,
                "%d idle pods: %.1f transactions/s (%.2f a pod), PostgreSQL %.2f %% of a core%n",
                pods.size(),
                each,
                each / Math.max(1, pods.size()),
                cores * 100);
    }

    private void handOff() throws Exception {
        PostgresRuns giver = pods.get(0);
        List<UUID> runs = new ArrayList<>();
        for (int i = 0; i < HANDOFFS; i++) {
            UUID run = TestRuns.newId();
            TestRuns.await(giver.log().insert(TestRuns.newRun(run, RunStatus.RUNNING)));
            owners.get(0).keep(run);
            runs.add(run);
        }
        giver.ownership().pause();
        long[] gaps = new long[HANDOFFS];
        long[] given = new long[HANDOFFS];
        for (int i = 0; i < HANDOFFS; i++) {
            LockSupport.parkNanos(25_000_000);
            given[i] = System.nanoTime();
            TestRuns.await(giver.log().append(new Batch(runs.get(i), 1, 1, List.of(), RunStatus.HANDOFF)));
            owners.get(0).drop(runs.get(i));
        }
        for (int i = 0; i < HANDOFFS; i++) {
            while (!claimedAt.containsKey(runs.get(i))) {
                LockSupport.parkNanos(1_000_000);
            }
            gaps[i] = claimedAt.get(runs.get(i)) - given[i];
        }
        System.out.printf("%d pods: hand-off to claim %s%n", pods.size(), quantiles(gaps));
    }

    private void insert() throws Exception {
        TestRuns.execute(server.database(), """
                INSERT INTO runs (id, status, deadline, format, next_seq)
                  SELECT gen_random_uuid(), 3, now() - interval '1 h', 1, 9 FROM generate_series(1, %d);
                INSERT INTO runs (id, status, deadline, format, next_seq)
                  SELECT gen_random_uuid(), 0, now() + interval '1 h', 1, 1 FROM generate_series(1, %d);
                INSERT INTO run_meta (id, tenant, wire, request, req_hash, stored, ended_at)
                  SELECT id, 't' || (random() * 1000)::int, 'responses', repeat('x', 300), md5(id::text), true,
                    CASE WHEN status = 3 THEN now() END FROM runs;
                ANALYZE runs; ANALYZE run_meta""".formatted(ENDED, WAITING));
        // The two pods take what they may.
        LockSupport.parkNanos(Duration.ofSeconds(10).toNanos());
        long[] took = new long[INSERTS];
        for (int i = 0; i < INSERTS; i++) {
            LockSupport.parkNanos(10_000_000);
            long begun = System.nanoTime();
            TestRuns.await(pods.get(i % 2).log().insert(TestRuns.newRun(TestRuns.newId(), RunStatus.QUEUED)));
            took[i] = System.nanoTime() - begun;
        }
        System.out.printf("insert beside %d ended and %d waiting runs: %s%n", ENDED, WAITING, quantiles(took));
    }

    private static String quantiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.1f, p99 %.1f, max %.1f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    /** Takes every claim and executes nothing. */
    private final class Claims extends Holder {
        @Override
        public void claimed(Claimed claimed) {
            claimedAt.putIfAbsent(claimed.run(), System.nanoTime());
            super.claimed(claimed);
        }
    }
}
