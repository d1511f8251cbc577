package dev.lastcall.management;

import dev.lastcall.drain.DrainRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the caller of a drain and its reason from a call. The text goes to logs, reports and pages: it is bounded and has no control characters. */
final class Asker {
    private static final String MEMBER = "reason";

    private Asker() {}

    /** Returns the request with its caller: the address, behind the user's name where Basic has one; that name is the caller's own word. */
    static DrainRequest of(HttpServerRequest request, @Nullable String reason) {
        String user = user(request.getHeader("Authorization"));
        String address = String.valueOf(request.remoteAddress().hostAddress());
        String name = user.isEmpty() ? address : user + "@" + address;
        return new DrainRequest(
                name.substring(0, Math.min(name.length(), DrainRequest.LONGEST_NAME)),
                reason == null || reason.isBlank() ? null : reason);
    }

    /** The reason in a JSON body; no body is no reason. Empty where the problem has been answered. */
    static Optional<DrainRequest> inBody(RoutingContext exchange) {
        RequestBody body = exchange.body();
        Buffer bytes = body == null ? null : body.buffer();
        if (bytes == null || bytes.length() == 0) {
            return Optional.of(of(exchange.request(), null));
        }
        try {
            JsonObject json = new JsonObject(bytes);
            Object reason = json.getValue(MEMBER);
            boolean known = json.fieldNames().stream().allMatch(MEMBER::equals);
            if (known && (reason == null || reason instanceof String)) {
                String text = reason == null ? "" : shown((String) reason);
                if (text.length() <= DrainRequest.LONGEST_REASON) {
                    return Optional.of(of(exchange.request(), text));
                }
                return refused(exchange, "reason: " + text.length() + " characters");
            }
            return refused(exchange, "body: members other than a text named reason");
        } catch (DecodeException | ClassCastException e) {
            return refused(exchange, "body: no JSON object");
        }
    }

    /** A form's reason, as long as it may be: a page has its own limit. */
    static DrainRequest inForm(RoutingContext exchange) {
        String written = exchange.request().getFormAttribute(MEMBER);
        String text = shown(written == null ? "" : written);
        return of(exchange.request(), text.substring(0, Math.min(text.length(), DrainRequest.LONGEST_REASON)));
    }

    private static Optional<DrainRequest> refused(RoutingContext exchange, String what) {
        Answers.problem(
                exchange,
                new ManagementProblem(
                        ManagementProblem.Kind.BAD_REQUEST,
                        what + " (expected: {\"reason\": \"…\"} of at most " + DrainRequest.LONGEST_REASON
                                + " characters, or no body)",
                        "correct the body; the drain was not begun by this call"));
        return Optional.empty();
    }

    private static String user(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return "";
        }
        try {
            String pair = new String(
                    Base64.getDecoder().decode(authorization.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            String name = shown(colon < 0 ? "" : pair.substring(0, colon));
            return name.substring(0, Math.min(name.length(), 64)).replaceAll("\\s", "_");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Without what could end a line, turn the direction of a text, or is half of a character. */
    private static String shown(String text) {
        StringBuilder kept = new StringBuilder();
        text.codePoints().forEach(letter -> {
            switch (Character.getType(letter)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> kept.append(' ');
                default -> kept.appendCodePoint(letter);
            }
        });
        return kept.toString().strip();
    }
}
