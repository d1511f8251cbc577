package dev.lastcall.problem;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error as {@code application/problem+json} (RFC 9457): {@code type}, {@code title}, {@code status}, {@code detail} and members of its own. The
 * answer carries {@link RetryHeaders} where the error is retryable. Confined to the thread that makes it.
 */
public final class Problem {
    /** The media type of the body. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String RETRYABLE = "retryable";
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int URI_TOO_LONG = 414;

    private final int status;
    private final JsonObject json;

    private Problem(int status, JsonObject json) {
        this.status = status;
        this.json = json;
    }

    /**
     * A problem without a type of its own, whose title is the status' phrase (RFC 9457, 4.2.1).
     *
     * @param detail what is wrong, which value, what was expected and what to do
     */
    public static Problem of(int status, String detail) {
        return of("about:blank", phrase(status), status, detail);
    }

    /**
     * A problem of a documented type.
     *
     * @param type a URI
     * @param title the same for all problems of the type
     * @param detail what is wrong, which value, what was expected and what to do
     */
    public static Problem of(String type, String title, int status, String detail) {
        return new Problem(
                status,
                new JsonObject()
                        .put("type", type)
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail));
    }

    /** Netty has the phrases of older documents for these two (RFC 9110, 15.5.14 and 15.5.15). */
    private static String phrase(int status) {
        return switch (status) {
            case CONTENT_TOO_LARGE -> "Content Too Large";
            case URI_TOO_LONG -> "URI Too Long";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }

    /** Adds a member. */
    public Problem with(String member, @Nullable Object value) {
        json.put(member, value);
        return this;
    }

    /** Says that the same request may be sent again, or may not. */
    public Problem retryable(boolean retryable) {
        return with(RETRYABLE, retryable);
    }

    /** Returns the status of the answer. */
    public int status() {
        return status;
    }

    /** Returns what the status means, in words. */
    public String title() {
        return json.getString("title");
    }

    /** Returns the header fields of the answer besides its type: the retry headers, or none. */
    public Map<String, String> headers() {
        return json.getBoolean(RETRYABLE, false) ? RetryHeaders.fields() : Map.of();
    }

    /** Returns the body. */
    public String encode() {
        return json.encode();
    }

    /** Puts status and header fields on a response; the body that is returned is to be its end. */
    public Buffer putHead(HttpServerResponse response) {
        Buffer body = Buffer.buffer(encode());
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        headers().forEach(response::putHeader);
        return body;
    }

    /** Answers with it; fails where the client is gone. On the response's event loop. */
    public Future<Void> send(HttpServerResponse response) {
        return response.end(putHead(response));
    }
}
