package dev.lastcall.rehearsal.load;

import dev.lastcall.rehearsal.client.LoadRequest;
import java.time.Duration;
import java.util.Map;

/**
 * The requests of clients, and how they are sent.
 *
 * @param requests for a WebSocket the body is the message that is sent first
 * @param users of each kind; every other one uses a connection more than once
 * @param timeout until an answer is whole, for what is no stream
 * @param streamTimeout until a stream is whole
 * @param retries503 whether a client that is answered 503 with {@code Retry-After} sends its request again
 * @param http2 whether short and slow requests and streams go by HTTP/2
 */
public record LoadPlan(
        Map<LoadKind, LoadRequest> requests,
        int users,
        Duration timeout,
        Duration streamTimeout,
        boolean retries503,
        boolean http2) {

    public LoadPlan {
        requests = Map.copyOf(requests);
    }

    Duration limit(LoadKind kind) {
        return isStream(kind) ? streamTimeout : timeout;
    }

    /** Whether the time of streams holds for it. */
    boolean isStream(LoadKind kind) {
        return kind.hasEvents() && kind != LoadKind.GRPC;
    }
}
