package dev.lastcall.drain;

import java.util.concurrent.atomic.AtomicInteger;

/** Work that remembers how often it was cut. */
final class RecordedWork implements Work {
    private final String path;
    private final AtomicInteger cuts = new AtomicInteger();

    RecordedWork(String path) {
        this.path = path;
    }

    int cuts() {
        return cuts.get();
    }

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void cut() {
        cuts.incrementAndGet();
    }
}
