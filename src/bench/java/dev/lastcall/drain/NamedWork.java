package dev.lastcall.drain;

/** Work that costs nothing. */
enum NamedWork implements Work {
    RUN;

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/agent/run";
    }

    @Override
    public void cut() {}
}
