package dev.lastcall.model;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The W3C trace headers of the request that began a run. They go on to the upstream, whichever pod asks it, and into the run's log lines.
 *
 * @param fields {@code traceparent}, {@code tracestate}, {@code baggage}: those that there are
 */
public record TraceHeaders(Map<String, String> fields) {
    /** The headers of a run whose client sent none. */
    public static final TraceHeaders NONE = new TraceHeaders(Map.of());

    public TraceHeaders {
        fields = Map.copyOf(fields);
    }

    static TraceHeaders of(JsonObject stored) {
        return stored.isEmpty()
                ? NONE
                : new TraceHeaders(stored.stream()
                        .filter(field -> field.getValue() instanceof String)
                        .collect(Collectors.toMap(Map.Entry::getKey, field -> (String) field.getValue())));
    }

    void addTo(BiConsumer<String, String> request) {
        fields.forEach(request);
    }

    /** Runs what logs a line, on any thread; the line has the keys of a request's lines, {@code traceId} and {@code parentId}. */
    public void logged(Runnable line) {
        String parent = fields.getOrDefault("traceparent", "");
        if (parent.length() < 52) {
            line.run();
            return;
        }
        Object before = MDC.get("traceId");
        Object parentBefore = MDC.get("parentId");
        MDC.put("traceId", parent.substring(3, 35));
        MDC.put("parentId", parent.substring(36, 52));
        try {
            line.run();
        } finally {
            giveBack("traceId", before);
            giveBack("parentId", parentBefore);
        }
    }

    private static void giveBack(String key, @Nullable Object before) {
        if (before == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, before);
        }
    }
}
