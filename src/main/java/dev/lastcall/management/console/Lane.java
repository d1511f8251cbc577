package dev.lastcall.management.console;

import dev.lastcall.fleet.PastDrain;
import dev.lastcall.fleet.Peer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process of the fleet in the picture of a rollout.
 *
 * @param live as it told last; null where it is gone
 * @param last its last drain within the window; null where it had none
 */
record Lane(String pod, @Nullable Peer live, @Nullable PastDrain last, List<Bar> bars) {
    /** The most that a page shows: those of the latest. */
    static final int MOST = 60;

    /** A stage from one instant to another. */
    record Bar(String stage, Instant from, Instant to) {}

    /** The processes by the begin of their drains, and behind them those that serve and had none. */
    static List<Lane> of(RolloutView view) {
        Map<String, Lane> lanes = new LinkedHashMap<>();
        List<PastDrain> past = view.past() == null ? List.of() : view.past();
        past.stream().sorted(Comparator.comparing(PastDrain::startedAt)).forEach(drain -> {
            Lane before = lanes.get(drain.instance());
            List<Bar> bars = new ArrayList<>(before == null ? List.of() : before.bars());
            bars.addAll(barsOf(drain));
            lanes.put(drain.instance(), new Lane(drain.pod(), null, drain, bars));
        });
        for (Peer peer : view.peers()) {
            Lane before = lanes.get(peer.instance());
            List<Bar> bars = new ArrayList<>(before == null ? List.of() : before.bars());
            if (peer.startedAt() != null && peer.startedAt().isBefore(view.now())) {
                bars.add(new Bar(peer.state(), peer.startedAt(), view.now()));
            }
            lanes.put(peer.instance(), new Lane(peer.pod(), peer, before == null ? null : before.last(), bars));
        }
        List<Lane> all = lanes.values().stream()
                .sorted(Comparator.comparing(Lane::begin).thenComparing(Lane::pod))
                .toList();
        return all.subList(Math.max(0, all.size() - MOST), all.size());
    }

    private Instant begin() {
        return bars.isEmpty() ? Instant.MAX : bars.get(0).from();
    }

    private static List<Bar> barsOf(PastDrain drain) {
        List<Bar> bars = new ArrayList<>();
        Instant from = drain.startedAt();
        if (drain.report().getValue("stages") instanceof JsonArray stages) {
            for (Object each : stages) {
                if (each instanceof JsonObject stage
                        && stage.getValue("stage") instanceof String name
                        && stage.getValue("lasted-ms") instanceof Number lasted
                        && lasted.longValue() >= 0
                        && lasted.longValue() <= Duration.ofDays(366).toMillis()) {
                    Instant to = from.plusMillis(lasted.longValue());
                    bars.add(new Bar(name, from, to));
                    from = to;
                }
            }
        }
        if (from.isBefore(drain.endedAt())) {
            bars.add(new Bar(drain.ending() == PastDrain.Ending.LOST ? "lost" : "releasing", from, drain.endedAt()));
        }
        return bars;
    }

    /** Whether something was lost: the process, a run, or requests and streams that were cut. */
    boolean isLossy() {
        return last != null && (last.ending() == PastDrain.Ending.LOST || number("cut") > 0 || number("lost") > 0);
    }

    long number(String key) {
        return last != null && last.report().getValue(key) instanceof Number number ? number.longValue() : 0;
    }
}
