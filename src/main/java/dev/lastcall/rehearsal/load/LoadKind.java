package dev.lastcall.rehearsal.load;

import java.time.Duration;

/** The kinds of requests that clients send. */
public enum LoadKind {
    /** Requests that are answered at once. */
    SHORT("short", Duration.ofMillis(80)),
    /** Requests that take their time. */
    SLOW("slow", Duration.ofMillis(200)),
    /** Answers that come piece by piece. */
    STREAM("stream", Duration.ofMillis(300)),
    /** WebSockets. */
    WEBSOCKET("websocket", Duration.ofMillis(300)),
    /** Agent runs of this service, which their clients follow from pod to pod. */
    RUNS("runs", Duration.ofMillis(300)),
    /** Calls of gRPC over HTTP/2 without TLS. */
    GRPC("grpc", Duration.ofMillis(100));

    private final String words;
    private final Duration pause;

    LoadKind(String words, Duration pause) {
        this.words = words;
        this.pause = pause;
    }

    /** Returns the kind as options and reports name it. */
    public String words() {
        return words;
    }

    /** Whether its answers are judged event by event. */
    public boolean hasEvents() {
        return this == STREAM || this == WEBSOCKET || this == RUNS || this == GRPC;
    }

    /** Returns the mean pause of a user between two requests. */
    Duration pause() {
        return pause;
    }
}
