package dev.lastcall.openai;

import dev.lastcall.http.RefusalFormat;
import jakarta.inject.Singleton;

/** Refuses the requests of a drain in OpenAI's error shape on OpenAI's paths. */
@Singleton
final class OpenAiRefusal implements RefusalFormat {
    private static final String PATHS = "/v1/";

    @Override
    public boolean appliesTo(String path) {
        return path.startsWith(PATHS);
    }

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public String body(String detail) {
        return ApiError.unavailable(detail).json().encode();
    }
}
