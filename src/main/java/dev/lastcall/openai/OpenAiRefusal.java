package dev.lastcall.openai;

import dev.lastcall.http.RefusalFormat;
import jakarta.inject.Singleton;

/** Refuses the requests of a drain, and those that cannot be read, in OpenAI's error shape on OpenAI's paths. */
@Singleton
final class OpenAiRefusal implements RefusalFormat {
    private static final String PATHS = "/v1/";
    private static final int UNAVAILABLE = 503;

    @Override
    public boolean appliesTo(String path) {
        return path.startsWith(PATHS);
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public String body(int status, String detail) {
        return (status == UNAVAILABLE ? ApiError.unavailable(detail) : ApiError.unreadable(status, detail))
                .json()
                .encode();
    }
}
