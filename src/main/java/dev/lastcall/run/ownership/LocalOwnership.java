package dev.lastcall.run.ownership;

import org.jspecify.annotations.Nullable;

/** Ownership without other pods: this process owns every run in its memory. */
public final class LocalOwnership implements Ownership {
    private final int maxOwned;
    private volatile @Nullable ClaimListener owner;
    private volatile boolean paused;

    public LocalOwnership(int maxOwned) {
        this.maxOwned = maxOwned;
    }

    @Override
    public void start(ClaimListener executing) {
        owner = executing;
    }

    @Override
    public boolean mayOwn() {
        ClaimListener executing = owner;
        return !paused && (executing == null || executing.owned().size() < maxOwned);
    }

    @Override
    public boolean isSure() {
        return true;
    }

    @Override
    public boolean othersServe() {
        return false;
    }

    @Override
    public boolean paused() {
        return paused;
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public void look() {}

    @Override
    public void release() {}
}
