package dev.lastcall.openai;

/** The two APIs of OpenAI that start a run. */
enum Wire {
    RESPONSES("responses", "/v1/responses/"),
    CHAT("chat", "/v1/chat/completions/");

    private final String key;
    private final String path;

    Wire(String key, String path) {
        this.key = key;
        this.path = path;
    }

    /** The name that is stored with the run. */
    String key() {
        return key;
    }

    /** The path of a run without its id. */
    String path() {
        return path;
    }
}
