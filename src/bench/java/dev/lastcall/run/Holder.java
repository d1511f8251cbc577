package dev.lastcall.run;

import dev.lastcall.run.log.Claimed;
import dev.lastcall.run.ownership.Ownership;
import java.util.Map;
import java.util.UUID;

/** An owner that executes nothing. */
final class Holder implements Ownership.ClaimListener {
    @Override
    public void claimed(Claimed claimed) {}

    @Override
    public void fenced(UUID run, int epoch) {}

    @Override
    public void lost() {}

    @Override
    public void suspended() {}

    @Override
    public void resumed() {}

    @Override
    public Map<UUID, Integer> owned() {
        return Map.of();
    }
}
