package dev.lastcall.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;

/** The service, with runs in memory. */
class ServiceAbuse extends EdgeAbuse {
    @Override
    SmallPod start() throws Exception {
        return new SmallPod(
                Map.of("quarkus.datasource.active", "false", "lastcall.model.scripted.tokens-per-second", "100000"),
                small());
    }

    @Override
    String small() {
        return "/v1/models";
    }

    @Override
    String large() {
        return "/agent/stream";
    }

    @Override
    byte[] question() {
        return "{\"input\":\"count to 1000000\"}".getBytes(ISO_8859_1);
    }
}
