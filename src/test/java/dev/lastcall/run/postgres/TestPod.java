package dev.lastcall.run.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lastcall.drain.SystemTime;
import dev.lastcall.drain.Time;
import dev.lastcall.run.TestRuns;
import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.log.NewRun;
import dev.lastcall.run.ownership.Ownership;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** A pod without a model: it takes what it is given and appends what a test tells it to. */
public final class TestPod implements Ownership.ClaimListener, AutoCloseable {
    private final PostgresRuns runs;
    public final Map<UUID, Claimed> claims = new ConcurrentHashMap<>();
    private final List<String> heard = new ArrayList<>();

    private TestPod(PostgresRuns runs) {
        this.runs = runs;
    }

    /** Returns when it has its lease. It claims what is free. */
    public static TestPod start(DataSource database) {
        return start(database, TestRuns.settings(), new SystemTime("test"));
    }

    public static TestPod start(DataSource database, RunSettings settings, Time time) {
        TestPod pod = prepare(database, settings, time);
        pod.runs.ownership().start(pod);
        Awaitility.await()
                .untilAsserted(() -> assertThat(pod.ownership().incarnation()).isNotZero());
        return pod;
    }

    private static TestPod prepare(DataSource database, RunSettings settings, Time time) {
        try {
            return new TestPod(PostgresRuns.open(database, time, settings));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public PostgresLog log() {
        return runs.log();
    }

    public PostgresOwnership ownership() {
        return runs.ownership();
    }

    public PostgresToolLedger ledger() {
        return runs.ledger();
    }

    /** Makes a run that this pod executes from now on. */
    public void begin(NewRun run) throws Exception {
        TestRuns.await(runs.log().insert(run));
        claims.put(run.id(), new Claimed(run.id(), 1, 1, false, 0, 0, run.deadline()));
    }

    /** Returns when the run is this pod's. */
    public Claimed awaitClaim(UUID run) {
        Awaitility.await().untilAsserted(() -> assertThat(claims).containsKey(run));
        return Objects.requireNonNull(claims.get(run));
    }

    /** The lease events in order: {@code lost}, {@code suspended}, {@code resumed}. */
    public synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    private synchronized void hear(String word) {
        heard.add(word);
    }

    @Override
    public void claimed(Claimed claimed) {
        claims.put(claimed.run(), claimed);
    }

    @Override
    public void fenced(UUID run, int epoch) {
        claims.remove(run);
        hear("fenced " + run);
    }

    @Override
    public void lost() {
        claims.clear();
        hear("lost");
    }

    @Override
    public void suspended() {
        hear("suspended");
    }

    @Override
    public void resumed() {
        hear("resumed");
    }

    @Override
    public Map<UUID, Integer> owned() {
        Map<UUID, Integer> owned = new ConcurrentHashMap<>();
        claims.forEach((run, claim) -> owned.put(run, claim.epoch()));
        return owned;
    }

    @Override
    public void close() {
        runs.close();
    }
}
