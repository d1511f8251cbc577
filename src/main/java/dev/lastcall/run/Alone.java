package dev.lastcall.run;

/** The ownership of a pod that shares its log with nobody. */
final class Alone implements Ownership {
    private volatile boolean paused;

    @Override
    public void start(Owner owner) {}

    @Override
    public boolean mayOwn() {
        return !paused;
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
    public void release() {}
}
