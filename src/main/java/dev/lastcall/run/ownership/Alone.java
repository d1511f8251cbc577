package dev.lastcall.run.ownership;

import org.jspecify.annotations.Nullable;

/** The ownership of a pod that shares its log with nobody. */
public final class Alone implements Ownership {
    private final int maxOwned;
    private volatile @Nullable Owner owner;
    private volatile boolean paused;

    public Alone(int maxOwned) {
        this.maxOwned = maxOwned;
    }

    @Override
    public void start(Owner executing) {
        owner = executing;
    }

    @Override
    public boolean mayOwn() {
        Owner executing = owner;
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
