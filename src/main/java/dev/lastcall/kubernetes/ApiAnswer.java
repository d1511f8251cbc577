package dev.lastcall.kubernetes;

import dev.lastcall.problem.Backoff;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** A whole answer of the API server. */
record ApiAnswer(int status, MultiMap headers, Buffer body) {
    private static final int LONGEST_LINE = 200;

    static ApiAnswer of(HttpClientResponse head, Buffer body) {
        return new ApiAnswer(head.statusCode(), head.headers(), body);
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Whether it refuses for want of an identity or a right, or knows no such thing: more of the same does not help soon. */
    boolean isRefusal() {
        return status == 401 || status == 403 || status == 404;
    }

    /** @throws io.vertx.core.json.DecodeException where it is none */
    JsonObject json() {
        return body.toJsonObject();
    }

    /** The server's clock, by which it sets {@code deletionTimestamp}; null where it does not say. */
    @Nullable
    Instant date() {
        String written = headers.get(HttpHeaders.DATE);
        try {
            return written == null
                    ? null
                    : ZonedDateTime.parse(written, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Returns the time that the server asks to wait; null where it asks for none. */
    @Nullable
    Duration retryAfter() {
        return Backoff.asked(null, headers.get(HttpHeaders.RETRY_AFTER), Instant.now());
    }

    /** The status with the message of the {@code Status} that Kubernetes answers, as one line. */
    String cause() {
        String message;
        try {
            message = json().getString("message", "");
        } catch (RuntimeException e) {
            message = "";
        }
        return line(message.isBlank() ? "status " + status : status + " " + message);
    }

    /** A foreign text in a log: one line, no controls, not long. */
    static String line(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return plain.length() <= LONGEST_LINE ? plain : plain.substring(0, LONGEST_LINE - 1) + "…";
    }
}
