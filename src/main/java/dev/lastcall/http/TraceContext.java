package dev.lastcall.http;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The headers by which a request says which trace it belongs to (W3C Trace Context and Baggage), as they may be passed on: exactly one valid
 * {@code traceparent}, unchanged since no span is made here; {@code tracestate} with it, of at most 32 members; {@code baggage} of at most 64 members
 * and 8192 bytes. Anything that breaks those rules is left out. Stateless.
 */
public final class TraceContext {
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    private static final String BAGGAGE = "baggage";
    /** A version of the future may have more behind the flags. */
    private static final Pattern PARENT_FORM = Pattern.compile(
            "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]{1,200})?");

    private static final Pattern STATE_MEMBER =
            Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+--<>-~]{0,255}[!-+--<>-~]");
    private static final Pattern BAGGAGE_MEMBER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[\t -+--~]*");
    private static final int LENGTH_OF_VERSION_0 = 55;
    private static final int STATE_MEMBERS = 32;
    private static final int BAGGAGE_MEMBERS = 64;
    private static final int BAGGAGE_BYTES = 8192;

    private TraceContext() {}

    /** The headers to pass on, by their names; empty where the request has none. */
    public static JsonObject of(MultiMap headers) {
        return of(headers::getAll);
    }

    /** Takes the headers of a WebSocket's handshake, which are no multimap. */
    public static JsonObject of(Function<String, List<String>> headers) {
        JsonObject context = new JsonObject();
        String parent = parent(headers.apply(PARENT));
        if (parent != null) {
            context.put(PARENT, parent);
            List<String> state = members(headers.apply(STATE), STATE_MEMBER);
            if (!state.isEmpty() && state.size() <= STATE_MEMBERS) {
                context.put(STATE, String.join(",", state));
            }
        }
        String baggage = bounded(members(headers.apply(BAGGAGE), BAGGAGE_MEMBER));
        return baggage.isEmpty() ? context : context.put(BAGGAGE, baggage);
    }

    private static @Nullable String parent(List<String> values) {
        String value = values.size() == 1 ? values.get(0).strip() : "";
        boolean fits = PARENT_FORM.matcher(value).matches()
                && (value.length() == LENGTH_OF_VERSION_0 || !value.startsWith("00"));
        return fits ? value : null;
    }

    /** Several headers of a name are one list (RFC 9110, 5.3); where one member cannot be read there are none. */
    private static List<String> members(List<String> values, Pattern form) {
        List<String> members = new ArrayList<>();
        for (String each : String.join(",", values).split(",", -1)) {
            String member = each.strip();
            if (!member.isEmpty() && !form.matcher(member).matches()) {
                return List.of();
            }
            if (!member.isEmpty()) {
                members.add(member);
            }
        }
        return members;
    }

    private static String bounded(List<String> members) {
        StringBuilder kept = new StringBuilder();
        int count = 0;
        for (String member : members) {
            int bytes = member.getBytes(StandardCharsets.UTF_8).length;
            if (count < BAGGAGE_MEMBERS && kept.length() + bytes < BAGGAGE_BYTES) {
                kept.append(kept.isEmpty() ? "" : ",").append(member);
                count++;
            }
        }
        return kept.toString();
    }

    /**
     * Gives the log lines of the request under way the keys {@code traceId}, {@code parentId} and {@code sampled}: those of its Vert.x context,
     * on event loops and on workers alike.
     */
    static void mark(MultiMap headers) {
        String parent = headers.contains(PARENT) ? parent(headers.getAll(PARENT)) : null;
        if (parent != null) {
            MDC.put("traceId", parent.substring(3, 35));
            MDC.put("parentId", parent.substring(36, 52));
            MDC.put("sampled", Boolean.toString((Character.digit(parent.charAt(54), 16) & 1) == 1));
        }
    }
}
