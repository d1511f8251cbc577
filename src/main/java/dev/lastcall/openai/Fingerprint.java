package dev.lastcall.openai;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Fingerprint of a request: method, path and raw body. Equal fingerprints mean a retry. */
final class Fingerprint {
    private static final int MOST_RETRIES = 1000;

    private Fingerprint() {}

    /** Hashes method, path and the bytes of the body. */
    static String of(Call call, Buffer body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String line = call.exchange().request().method() + " "
                    + call.exchange().request().path() + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns the SDK's retry count of this request; 0 where it sends none. */
    static int retry(Call call) {
        String count = call.header("x-stainless-retry-count");
        return count != null && count.matches("[0-9]{1,4}") ? Math.min(MOST_RETRIES, Integer.parseInt(count)) : 0;
    }
}
