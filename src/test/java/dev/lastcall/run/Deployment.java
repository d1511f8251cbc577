package dev.lastcall.run;

import dev.lastcall.run.event.EventType;
import dev.lastcall.run.event.RunStatus;
import dev.lastcall.testing.Databases;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ShortDrain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Packaged pods on one PostgreSQL, of which each may be ended and replaced. Thread-safe. */
final class Deployment implements AutoCloseable {
    private final Databases databases = Databases.start();
    private final Queue<Pod> all = new ConcurrentLinkedQueue<>();
    private final List<Pod> serving = new CopyOnWriteArrayList<>();
    private final Map<String, String> settings;

    /** @param more names below {@code lastcall.} and their values in turn, on top of a drain of 12.5 s until CANCELLING and a short lease */
    Deployment(String... more) {
        settings = new HashMap<>(ShortDrain.of("grace-period", "20s", "cancel-reserve", "3s", "release-reserve", "4s"));
        settings.putAll(databases.settings());
        settings.put("lastcall.run.lease", "3s");
        for (int i = 0; i < more.length; i += 2) {
            settings.put("lastcall." + more[i], more[i + 1]);
        }
    }

    Databases databases() {
        return databases;
    }

    /** One more pod, ready. */
    Pod add() {
        return add(Map.of());
    }

    /** One more pod with settings of its own on top, ready. */
    Pod add(Map<String, String> own) {
        Map<String, String> together = new HashMap<>(settings);
        together.putAll(own);
        Pod pod = Pod.start(together);
        all.add(pod);
        serving.add(pod);
        return pod;
    }

    /** Withdraws a pod's endpoint, so that new connections go elsewhere. */
    void withdraw(Pod pod) {
        serving.remove(pod);
    }

    /** Returns the pods that get new connections. */
    List<Pod> serving() {
        return serving;
    }

    /** The first column of the first row. */
    String ask(String sql) {
        return TestRuns.one(databases.postgres(), sql);
    }

    /** Returns the number of runs that did not complete exactly once with one event for each token. */
    long spoiled(int tokens) {
        return Long.parseLong(ask("""
                SELECT count(*) FROM runs r WHERE status <> %1$d
                OR (SELECT count(*) FROM run_events e WHERE e.run_id = r.id AND type = %2$d) <> %4$d
                OR (SELECT count(*) FROM run_events e WHERE e.run_id = r.id AND type = %3$d) <> 1
                """.formatted(
                RunStatus.COMPLETED.code(), EventType.OUTPUT_TEXT_DELTA.code(), EventType.COMPLETED.code(), tokens)));
    }

    @Override
    public void close() {
        all.forEach(Pod::close);
        databases.close();
    }
}
