package dev.lastcall.proxy.message;

import dev.lastcall.http.WebSocketUpgrade;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The key of a WebSocket's opening that we send for a client of HTTP/2, where there is none (RFC 8441, 5): the answer proves by it that the
 * application has understood the request as what it is (RFC 6455, 4.1).
 */
public record WebSocketKey(String value) {
    private static final String OF_THE_PROTOCOL = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int BYTES = 16;

    /** Returns another one each time. */
    public static WebSocketKey create() {
        byte[] random = new byte[BYTES];
        // A nonce, not a secret: nobody gains by guessing it.
        ThreadLocalRandom.current().nextBytes(random);
        return new WebSocketKey(Base64.getEncoder().encodeToString(random));
    }

    /** Makes an opening of a request's head for HTTP/1.1. */
    public void putOn(MultiMap headers) {
        headers.set(HttpHeaderNames.SEC_WEBSOCKET_KEY, value);
        if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION)) {
            headers.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
    }

    /** Whether a 101 with these fields answers it. */
    public boolean isAcceptedBy(MultiMap headers) {
        String accepted = headers.get(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        return WebSocketUpgrade.isAskedBy(headers)
                && accepted != null
                && accepted.strip().equals(answer());
    }

    private String answer() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((value + OF_THE_PROTOCOL).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-1 is in every Java", e);
        }
    }
}
