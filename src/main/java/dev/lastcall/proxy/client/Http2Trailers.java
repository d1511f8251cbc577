package dev.lastcall.proxy.client;

import dev.lastcall.http.limits.Http2HeadListener;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The trailers of requests on an HTTP/2 connection: a second HEADERS frame on a stream, kept with the stream. On the event loop. */
final class Http2Trailers extends Http2HeadListener {
    private final Http2Connection streams;
    private final Http2Connection.PropertyKey begun;
    private final Http2Connection.PropertyKey trailers;

    Http2Trailers(HttpServerConnection connection) {
        this((Http2ConnectionHandler) connection.channelHandlerContext().handler());
    }

    private Http2Trailers(Http2ConnectionHandler handler) {
        super(handler.decoder().frameListener());
        streams = handler.connection();
        begun = streams.newKey();
        trailers = streams.newKey();
        Http2ConnectionDecoder decoder = handler.decoder();
        decoder.frameListener(this);
    }

    static boolean isFor(HttpServerConnection connection) {
        return connection.channelHandlerContext().handler() instanceof Http2ConnectionHandler;
    }

    Iterable<Map.Entry<String, String>> of(int streamId) {
        Http2Stream stream = streams.stream(streamId);
        Http2Headers headers = stream == null ? null : stream.getProperty(trailers);
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        if (headers != null) {
            headers.forEach(field -> fields.add(
                    Map.entry(field.getKey().toString(), field.getValue().toString())));
        }
        return fields;
    }

    @Override
    protected void head(int streamId, Http2Headers headers) {
        Http2Stream stream = streams.stream(streamId);
        if (stream != null && stream.setProperty(begun, true) != null) {
            stream.setProperty(trailers, headers);
        }
    }
}
