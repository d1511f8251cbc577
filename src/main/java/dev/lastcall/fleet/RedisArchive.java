package dev.lastcall.fleet;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The past drains in a Redis, for pods that share no PostgreSQL: the latest {@value #KEPT}, and the sums of all. Each change is one script, so that a
 * drain, or a loss that several notice at once, is counted once. Time is that of Redis. Anybody may have written the entries that are read: those
 * that cannot be right are overlooked. Thread-safe.
 */
final class RedisArchive implements Archive {
    private static final int KEPT = 200;
    private static final int LONGEST_ROW = 16_384;
    private static final Pattern FIELD = Pattern.compile("([a-z-]{1,20})\\|([a-z0-9]{1,20})\\|([a-z-]{1,20})");

    /** The Lua functions, and the time of Redis, that the writing scripts have in common. */
    private static final String SUM = """
            local function sum(kind, numbers)
              for name, number in pairs(numbers) do
                if tonumber(number) > 0 then redis.call('HINCRBY', KEYS[5], kind .. name, number) end
              end
            end
            local function forget(id)
              redis.call('HDEL', KEYS[3], id)
              redis.call('ZREM', KEYS[4], id)
            end
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local function trim(kept)
              for _, old in ipairs(redis.call('ZRANGE', KEYS[4], 0, -kept - 1)) do forget(old) end
            end
            """;

    private static final String SAVE = SUM + """
            local instance, id = ARGV[1], ARGV[1] .. ':' .. ARGV[2]
            if ARGV[3] == 'true' then
              id = instance .. ':ended'
              redis.call('ZREM', KEYS[1], instance)
              redis.call('HDEL', KEYS[2], instance)
            end
            forget(instance .. ':lost')
            if redis.call('HSETNX', KEYS[3], id, now .. ' ' .. ARGV[4]) == 1 then
              redis.call('ZADD', KEYS[4], now, id)
              sum(ARGV[5], {drains = 1, cut = ARGV[6], rejected = ARGV[7], ['runs-lost'] = ARGV[8],
                ['release-timeouts'] = ARGV[9]})
            end
            for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - ARGV[10])) do forget(old) end
            trim(ARGV[11])
            return 1
            """;

    private static final String SIGN = SUM + """
            redis.call('ZADD', KEYS[1], now, ARGV[1])
            redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
            forget(ARGV[1] .. ':lost')
            for _, silent in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - 60000, 'LIMIT', 0, 100)) do
              local seen = redis.call('ZSCORE', KEYS[1], silent)
              local sign = redis.call('HGET', KEYS[2], silent)
              redis.call('ZREM', KEYS[1], silent)
              redis.call('HDEL', KEYS[2], silent)
              local trigger, row = string.match(sign or '', '^([a-z-]+) (.*)$')
              -- A sign may have crossed its process' end.
              if trigger and redis.call('HEXISTS', KEYS[3], silent .. ':ended') == 0 then
                redis.call('HSET', KEYS[3], silent .. ':lost', seen .. ' ' .. row)
                redis.call('ZADD', KEYS[4], now, silent .. ':lost')
                sum(trigger .. '|lost|', {drains = 1})
              end
            end
            trim(ARGV[4])
            return redis.call('HGETALL', KEYS[5])
            """;

    private static final String FIND = """
            local ids = redis.call('ZREVRANGE', KEYS[4], 0, ARGV[1] - 1)
            if #ids == 0 then return {} end
            return redis.call('HMGET', KEYS[3], unpack(ids))
            """;

    private final ReactiveRedisDataSource redis;
    private final Duration retention;
    private final List<String> keys;

    RedisArchive(ReactiveRedisDataSource redis, FleetSettings settings) {
        this.redis = redis;
        retention = settings.retention();
        keys = Stream.of("processes", "signs", "past", "order", "totals")
                .map(name -> settings.name() + ":drain:" + name)
                .toList();
    }

    @Override
    public void save(PastDrain drain) {
        DrainCount count = DrainCount.of(drain);
        call(
                SAVE,
                drain.instance(),
                drain.generation(),
                drain.ending() == PastDrain.Ending.ENDED,
                row(drain),
                count.trigger() + "|" + count.exit() + "|",
                count.cut(),
                count.rejected(),
                count.runsLost(),
                count.releaseTimeouts(),
                retention.toMillis(),
                KEPT);
    }

    @Override
    public List<DrainCount> sign(ProcessSign sign) {
        JsonObject state = new JsonObject()
                .put("state", sign.state())
                .put("triggers", sign.trigger().equals(DrainCount.NO_TRIGGER) ? List.of() : List.of(sign.trigger()))
                .put("in-flight", sign.inFlight());
        PastDrain lost = new PastDrain(
                sign.identity().pod(),
                sign.identity().instance(),
                sign.generation(),
                PastDrain.Ending.LOST,
                sign.since(),
                sign.since(),
                state);
        return counts(call(SIGN, sign.identity().instance(), sign.trigger(), row(lost), KEPT));
    }

    private static String row(PastDrain drain) {
        JsonObject row = new JsonObject()
                .put("pod", drain.pod())
                .put("instance", drain.instance())
                .put("generation", drain.generation())
                .put("ending", drain.ending().key())
                .put("started-at", drain.startedAt().toString())
                .put("report", drain.report());
        String text = row.encode();
        return text.length() <= LONGEST_ROW
                ? text
                : row.put("report", shortened(drain.report())).encode();
    }

    /** Without its lists, which are the long part. */
    private static JsonObject shortened(JsonObject report) {
        JsonObject numbers = new JsonObject().put("shortened", true);
        report.forEach(member -> {
            if (!List.of("cuts", "timeline", "release").contains(member.getKey())) {
                numbers.put(member.getKey(), member.getValue());
            }
        });
        return numbers;
    }

    private static List<DrainCount> counts(Response fields) {
        Map<String, Map<String, Long>> kinds = new HashMap<>();
        // RESP2 has a list of names and values, RESP3 would have a map.
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            Matcher field = FIELD.matcher(fields.get(i).toString());
            String number = fields.get(i + 1).toString();
            if (field.matches() && number.matches("[0-9]{1,18}")) {
                kinds.computeIfAbsent(field.group(1) + "|" + field.group(2), kind -> new HashMap<>())
                        .put(field.group(3), Long.valueOf(number));
            }
        }
        List<DrainCount> counts = new ArrayList<>();
        kinds.forEach((kind, numbers) -> {
            int bar = kind.indexOf('|');
            counts.add(new DrainCount(
                    kind.substring(0, bar),
                    kind.substring(bar + 1),
                    numbers.getOrDefault("drains", 0L),
                    numbers.getOrDefault("cut", 0L),
                    numbers.getOrDefault("rejected", 0L),
                    numbers.getOrDefault("runs-lost", 0L),
                    numbers.getOrDefault("release-timeouts", 0L)));
        });
        return counts;
    }

    @Override
    public List<PastDrain> find(HistoryQuery query) {
        Response rows = call(FIND, KEPT);
        List<PastDrain> found = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Stream.ofNullable(rows.get(i))
                    .map(Response::toString)
                    .map(RedisArchive::drainIn)
                    .filter(Objects::nonNull)
                    .forEach(found::add);
        }
        return found.stream().filter(query::asksFor).limit(query.limit()).toList();
    }

    private static @Nullable PastDrain drainIn(String text) {
        try {
            int blank = text.indexOf(' ');
            JsonObject row = new JsonObject(text.substring(blank + 1));
            Instant ended = Instant.ofEpochMilli((long) Double.parseDouble(text.substring(0, blank)));
            String pod = row.getString("pod");
            String instance = row.getString("instance");
            boolean fits = text.length() <= 2 * LONGEST_ROW && Identity.isPod(pod) && Identity.isInstance(instance);
            return fits
                    ? new PastDrain(
                            pod,
                            instance,
                            row.getLong("generation"),
                            PastDrain.Ending.of(row.getString("ending")),
                            Instant.parse(row.getString("started-at")),
                            ended,
                            row.getJsonObject("report"))
                    : null;
        } catch (RuntimeException e) {
            // Somebody else's, or spoilt.
            return null;
        }
    }

    private Response call(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(script, Integer.toString(keys.size())));
        command.addAll(keys);
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        return redis.execute("EVAL", command.toArray(String[]::new)).await().atMost(PostgresArchive.SILENCE);
    }
}
