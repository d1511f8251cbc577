package dev.lastcall.proxy.settings;

import dev.lastcall.proxy.message.Grpc;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** The version of HTTP in which the application is spoken to. */
public enum UpstreamProtocol {
    HTTP1,
    HTTP2,
    /** gRPC by HTTP/2, everything else by HTTP/1.1. */
    AUTO;

    private static final String PREFIX = "lastcall.proxy.";

    /**
     * @param upstream the URL, whose scheme {@code h2c} says it too
     * @param configured {@code http1}, {@code http2} or {@code auto}
     */
    static UpstreamProtocol of(String upstream, String configured) {
        UpstreamProtocol protocol =
                switch (configured.toLowerCase(Locale.ROOT)) {
                    case "http1" -> HTTP1;
                    case "http2" -> HTTP2;
                    case "auto" -> AUTO;
                    default ->
                        throw new IllegalArgumentException(
                                PREFIX + "protocol: " + configured + " (expected: http1, http2 or auto)");
                };
        return upstream.startsWith(HostPort.H2C) ? HTTP2 : protocol;
    }

    /** Whether the application can be asked for a WebSocket: what speaks HTTP/2 alone is not. */
    public boolean opensWebSockets() {
        return this != HTTP2;
    }

    /** Whether this request is passed on by HTTP/2. */
    public boolean isHttp2For(HttpServerRequest request) {
        return this == HTTP2 || (this == AUTO && Grpc.isCall(request));
    }
}
