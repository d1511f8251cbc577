package dev.lastcall.proxy.client;

import dev.lastcall.proxy.message.HopByHop;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AttributeKey;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The trailers of one request, which Vert.x' server reads and drops: they are caught below it. On the event loop.
 *
 * @param caught those that have come with the body's end
 */
public record Trailers(Supplier<Iterable<Map.Entry<String, String>>> caught) {
    private static final AttributeKey<Http1Trailers> HTTP_1 = AttributeKey.valueOf(Trailers.class, "http1");
    private static final AttributeKey<Http2Trailers> HTTP_2 = AttributeKey.valueOf(Trailers.class, "http2");

    /**
     * The names of fields that decide on framing, routing, authentication or the body's form, and have no place behind the body (RFC 9110, 6.5.1):
     * whoever merges trailers into the head would take them for what was checked there.
     */
    private static final Set<String> NEVER = Set.of(
            HttpHeaderNames.AUTHORIZATION.toString(),
            HttpHeaderNames.CACHE_CONTROL.toString(),
            HttpHeaderNames.COOKIE.toString(),
            HttpHeaderNames.EXPECT.toString(),
            "forwarded",
            HttpHeaderNames.HOST.toString(),
            HttpHeaderNames.MAX_FORWARDS.toString(),
            HttpHeaderNames.RANGE.toString(),
            HttpHeaderNames.TRAILER.toString());

    /** Begins to catch the trailers of a connection, once its protocol is known. */
    public static void catchThoseOf(HttpConnection connection) {
        HttpServerConnection served = (HttpServerConnection) connection;
        Channel channel = served.channel();
        if (Http2Trailers.isFor(served)) {
            ClientConnection client = ClientConnection.of(connection);
            client.clock().dismiss();
            client.watchHeads(served);
            channel.attr(HTTP_2).set(new Http2Trailers(served));
        } else {
            channel.attr(HTTP_1).set(new Http1Trailers(served));
        }
    }

    /** Returns the trailers of a request that has just been given out; must be called once for each request. */
    public static Trailers of(HttpServerRequest request) {
        Channel channel = ((HttpServerConnection) request.connection()).channel();
        if (request.version() == HttpVersion.HTTP_2) {
            Http2Trailers trailers = channel.attr(HTTP_2).get();
            int stream = request.streamId();
            return new Trailers(() -> trailers.of(stream));
        }
        Http1Trailers trailers = channel.attr(HTTP_1).get();
        int place = trailers.next();
        return new Trailers(() -> trailers.take(place));
    }

    /**
     * Returns the trailers to be passed on, once the body has ended.
     *
     * @throws IllegalArgumentException where one of an HTTP/2 request cannot be written in HTTP/1.1
     */
    public MultiMap fields() {
        MultiMap fields = HeadersMultiMap.httpHeaders();
        for (Map.Entry<String, String> field : caught.get()) {
            if (mayPass(field.getKey().toLowerCase(Locale.ROOT))) {
                fields.add(field.getKey(), field.getValue());
            }
        }
        return fields;
    }

    private static boolean mayPass(String name) {
        return !HopByHop.isHopByHop(name)
                && !NEVER.contains(name)
                && !name.startsWith("content-")
                && !name.startsWith("x-forwarded-")
                && !name.startsWith(":");
    }
}
