package dev.lastcall.openai;

/** The two ways to ask for a run here. */
enum Wire {
    RESPONSES("responses", "/v1/responses/"),
    CHAT("chat", "/v1/chat/completions/");

    private final String key;
    private final String path;

    Wire(String key, String path) {
        this.key = key;
        this.path = path;
    }

    /** As logged with the run. */
    String key() {
        return key;
    }

    /** Where a run is found, before its id. */
    String path() {
        return path;
    }
}
