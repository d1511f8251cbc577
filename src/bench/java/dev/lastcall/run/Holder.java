package dev.lastcall.run;

import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.ownership.Ownership;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** An owner that executes nothing, and keeps what it was given: what nobody names as owned is adopted at the next epoch. Thread-safe. */
class Holder implements Ownership.ClaimListener {
    private final Map<UUID, Integer> owned = new ConcurrentHashMap<>();

    /** Keeps a run that is inserted for this pod. */
    void keep(UUID run) {
        owned.put(run, 1);
    }

    void drop(UUID run) {
        owned.remove(run);
    }

    @Override
    public void claimed(Claimed claimed) {
        owned.put(claimed.run(), claimed.epoch());
    }

    @Override
    public void fenced(UUID run, int epoch) {
        owned.remove(run);
    }

    @Override
    public void lost() {
        owned.clear();
    }

    @Override
    public void suspended() {}

    @Override
    public void resumed() {}

    @Override
    public Map<UUID, Integer> owned() {
        return Map.copyOf(owned);
    }
}
