package dev.lastcall.fleet;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The registry on Redis: one key for each process, which Redis itself lets expire, and an index of them, since a Redis that others use too cannot be
 * searched. Entries that are left in the index are taken out after a day, far beyond what clocks may differ by.
 */
final class RedisPeerRegistry implements PeerRegistry {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration INDEXED = Duration.ofDays(1);

    /** The most entries of the index that are read, the latest first. */
    private static final int READ = 256;

    private final ReactiveRedisDataSource redis;
    private final String prefix;
    private final Duration expiry;
    private final Clock clock;

    RedisPeerRegistry(ReactiveRedisDataSource redis, FleetSettings settings, Clock clock) {
        this.redis = redis;
        prefix = settings.name() + ":drain:";
        expiry = settings.expiry();
        this.clock = clock;
    }

    /** The channel on which changes are published. */
    private String channel() {
        return prefix + "changes";
    }

    private String index() {
        return prefix + "pods";
    }

    private String key(String instance) {
        return prefix + "pod:" + instance;
    }

    @Override
    public Uni<Void> leave(PeerStatus sign, boolean told) {
        long now = clock.millis();
        String text = sign.text();
        Uni<Response> left = execute("SET", key(sign.instance()), text, "PX", Long.toString(expiry.toMillis()))
                .chain(() -> execute("ZADD", index(), Long.toString(now), sign.instance()))
                .chain(() -> execute("ZREMRANGEBYSCORE", index(), "-inf", Long.toString(now - INDEXED.toMillis())));
        Uni<Response> heard = told ? left.chain(() -> execute("PUBLISH", channel(), text)) : left;
        return limited(heard.replaceWithVoid());
    }

    @Override
    public Uni<List<PeerStatus>> read() {
        return limited(execute("ZREVRANGE", index(), "0", Integer.toString(READ - 1))
                .map(answer ->
                        texts(answer).stream().filter(Identity::isInstance).toList())
                .chain(instances -> instances.isEmpty() ? Uni.createFrom().item(List.of()) : signsOf(instances)));
    }

    private Uni<List<PeerStatus>> signsOf(List<String> instances) {
        String[] keys = instances.stream().map(this::key).toArray(String[]::new);
        return execute("MGET", keys).map(answer -> {
            Instant now = clock.instant();
            List<PeerStatus> signs = new ArrayList<>();
            // A sign under another's key would be that other one's.
            for (int i = 0; i < answer.size(); i++) {
                Response each = answer.get(i);
                PeerStatus sign = each == null ? null : PeerStatus.parse(each.toString(), now);
                if (sign != null && sign.instance().equals(instances.get(i))) {
                    signs.add(sign);
                }
            }
            return signs;
        });
    }

    private Uni<Response> execute(String command, String... arguments) {
        return redis.execute(command, arguments);
    }

    /** Applies our own time limit; that of Quarkus is longer than a refresh. */
    private static <T> Uni<T> limited(Uni<T> answer) {
        return answer.ifNoItem().after(LIMIT).fail();
    }

    /** The texts of an array; expired keys are missing in it. */
    private static List<String> texts(Response array) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            Response each = array.get(i);
            Stream.ofNullable(each).map(Response::toString).forEach(texts::add);
        }
        return texts;
    }
}
