package dev.lastcall.run;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.Row;
import dev.lastcall.run.event.RunId;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.postgres.PostgresRuns;
import dev.lastcall.run.postgres.RunSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The log alone: tokens go in at a given pace, and out when they are durable. Each run gives its tokens in ticks of 50 ms, all runs spread
 * evenly over the tick; what comes while a batch is in flight is the next batch, as in the service.
 */
public final class LogBenchmark {
    private static final int TICK_MILLIS = 50;

    private final Server server;
    private final PostgresRuns runs;
    private final Holder holder = new Holder();

    private LogBenchmark(Server server) throws SQLException {
        this.server = server;
        RunSettings settings = new RunSettings(
                Duration.ofHours(24), Duration.ofHours(1), 5000, Duration.ofSeconds(10), 1, Duration.ofMillis(5), 0);
        runs = PostgresRuns.open(server.database(), new SystemTime("bench"), settings);
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.getInteger("bench.log-seconds", 15);
        try (Server server = Server.start()) {
            LogBenchmark bench = new LogBenchmark(server);
            bench.runs.ownership().start(bench.holder);
            while (!bench.runs.ownership().mayOwn()) {
                Thread.onSpinWait();
            }
            bench.measure(1000, 1, Math.min(5, seconds));
            System.out.printf("PostgreSQL %s, %d s each%n", server.description(), seconds);
            double few = bench.measure(10, 1, seconds);
            bench.measure(200, 1, seconds);
            double many = bench.measure(1000, 1, seconds);
            System.out.printf(
                    Locale.ROOT, "PostgreSQL's CPU a token, 1000 runs over 10: %.3f (target <= 0.100)%n", many / few);
            for (int tokens : new int[] {4, 6}) {
                bench.measure(1000, tokens, seconds);
            }
            bench.runs.close();
        }
    }

    /** @return PostgreSQL's CPU a token, in µs */
    private double measure(int count, int tokensInATick, int seconds) throws Exception {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sources.add(new Source(begin(), runs.log()));
        }
        Meter meter = new Meter();
        sources.forEach(source -> source.meterBy(meter));
        Duration before = server.cpu();
        long own =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
        long start = System.nanoTime();
        feed(sources, tokensInATick, seconds);
        long durable = meter.count();
        double elapsed = (System.nanoTime() - start) / 1e9;
        for (Source source : sources) {
            source.awaitEmpty();
        }
        double cpu = server.cpu().minus(before).toNanos() / 1e3 / meter.count();
        double ours =
                (ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() - own) / 1e3;
        System.out.printf(
                Locale.ROOT,
                "%5d runs, %6d tokens/s offered: %8.0f durable/s, p50 %5.1f ms, p99 %5.1f ms, CPU/token PostgreSQL %6.1f µs, JVM %6.1f µs%n",
                count,
                count * tokensInATick * 1000 / TICK_MILLIS,
                durable / elapsed,
                meter.millis(0.50),
                meter.millis(0.99),
                cpu,
                ours / meter.count());
        for (Source source : sources) {
            source.end();
            holder.drop(source.run());
        }
        return cpu;
    }

    private UUID begin() throws Exception {
        long now = System.currentTimeMillis();
        UUID id = RunId.at(now);
        Instant birth = Instant.ofEpochMilli(now);
        List<Row> rows = List.of(new Row(0, EventType.CREATED, "{}"));
        NewRun run = new NewRun(
                id, "", "native", "{}", null, "", true, birth, birth.plusSeconds(3600), RunStatus.RUNNING, rows);
        runs.log().insert(run).toCompletableFuture().get(30, TimeUnit.SECONDS);
        holder.keep(id);
        return id;
    }

    private static void feed(List<Source> sources, int tokensInATick, int seconds) throws InterruptedException {
        long start = System.nanoTime();
        long ticks = seconds * 1000L;
        for (long millisecond = 0; millisecond < ticks; millisecond++) {
            long at = start + millisecond * 1_000_000;
            long left = at - System.nanoTime();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
            for (int i = (int) (millisecond % TICK_MILLIS); i < sources.size(); i += TICK_MILLIS) {
                sources.get(i).give(tokensInATick, at);
            }
        }
    }
}
