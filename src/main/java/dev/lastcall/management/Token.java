package dev.lastcall.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The secret of the management port. It is kept as bytes to compare with and is never shown. */
final class Token {
    private final byte[] secret;

    Token(String secret) {
        if (secret.isEmpty() || !secret.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
            throw new ConfigurationException(
                    "lastcall.management.token: "
                            + (secret.isEmpty() ? "empty" : "a value with blanks or characters beyond ASCII")
                            + " (expected: at least one visible ASCII character and no blanks, or the key left out to use no token)");
        }
        this.secret = secret.getBytes(UTF_8);
    }

    /** Whether an {@code Authorization} header carries it: RFC 6750 Bearer, or the password of RFC 7617 Basic. */
    boolean isIn(@Nullable String authorization) {
        int blank = authorization == null ? -1 : authorization.indexOf(' ');
        if (authorization == null || blank < 0) {
            return false;
        }
        String credentials = authorization.substring(blank + 1).strip();
        return switch (authorization.substring(0, blank).toLowerCase(Locale.ROOT)) {
            case "bearer" -> matches(credentials.getBytes(UTF_8));
            case "basic" -> matches(passwordIn(credentials));
            default -> false;
        };
    }

    private boolean matches(byte[] candidate) {
        return MessageDigest.isEqual(secret, candidate);
    }

    private static byte[] passwordIn(String credentials) {
        try {
            byte[] pair = Base64.getDecoder().decode(credentials);
            for (int i = 0; i < pair.length; i++) {
                if (pair[i] == ':') {
                    return Arrays.copyOfRange(pair, i + 1, pair.length);
                }
            }
        } catch (IllegalArgumentException e) {
            // Not Base64: no password, so no match.
            return new byte[0];
        }
        return new byte[0];
    }
}
