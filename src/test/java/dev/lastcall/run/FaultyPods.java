package dev.lastcall.run;

import dev.lastcall.testing.FaultyLink;
import dev.lastcall.testing.Pod;
import dev.lastcall.testing.ToolServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Pods, each with a network of its own to PostgreSQL and to Redis, and tools that they call. For one thread, but for {@link #serving()}. */
final class FaultyPods implements AutoCloseable {
    final Deployment pods = new Deployment(
            "model.scripted.tokens-per-second", "25",
            "run.max-attempts", "1000",
            "run.max-owned", "400");
    final ToolServer tools = ToolServer.start();
    final List<Pod> asked = new CopyOnWriteArrayList<>();
    private final Map<Pod, FaultyLink> postgres = new ConcurrentHashMap<>();
    private final Map<Pod, FaultyLink> redis = new ConcurrentHashMap<>();

    List<Pod> serving() {
        return pods.serving();
    }

    void add() {
        FaultyLink toPostgres = FaultyLink.to(pods.databases().postgresPort());
        FaultyLink toRedis = FaultyLink.to(pods.databases().redis().port());
        Pod pod = pods.add(Map.of(
                "quarkus.datasource.jdbc.url",
                "jdbc:postgresql://localhost:" + toPostgres.port() + "/postgres",
                "quarkus.redis.hosts",
                "redis://127.0.0.1:" + toRedis.port(),
                "lastcall.tool.pay.url",
                tools.url("/pay")));
        postgres.put(pod, toPostgres);
        redis.put(pod, toRedis);
    }

    FaultyLink toPostgres(Pod pod) {
        return Objects.requireNonNull(postgres.get(pod));
    }

    FaultyLink toRedis(Pod pod) {
        return Objects.requireNonNull(redis.get(pod));
    }

    /** A node is lost: the process, and what it has sent and nobody has received yet. */
    void kill(Pod pod) {
        pods.withdraw(pod);
        pod.signal("KILL");
        toPostgres(pod).close();
        toRedis(pod).close();
    }

    /** The kubelet ends a pod; the preStop hook answers at its own time. */
    void end(Pod pod) {
        pods.withdraw(pod);
        pod.signal("TERM");
        asked.add(pod);
    }

    void mend() {
        postgres.values().forEach(FaultyLink::mend);
        redis.values().forEach(FaultyLink::mend);
    }

    @Override
    public void close() {
        mend();
        pods.close();
        postgres.values().forEach(FaultyLink::close);
        redis.values().forEach(FaultyLink::close);
        tools.close();
    }
}
