package dev.lastcall.testing;

import dev.lastcall.drain.Work;

/** A {@code GET /} that is counted and does nothing, even when it is cut. */
public record IdleWork() implements Work {
    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/";
    }

    @Override
    public void cut() {}
}
