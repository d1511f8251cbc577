package dev.lastcall.http.limits;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * Looks at the fields of HTTP/2 requests and their trailers: unknown methods are replaced, as {@link PacedRequestDecoder} does for HTTP/1.x,
 * and a value that would be another field in HTTP/1.x fails its stream (RFC 9113, 8.2.1). On the event loop.
 */
final class Http2RequestFields extends Http2HeadListener {
    private static final CharSequence PROTOCOL = Http2Headers.PseudoHeaderName.PROTOCOL.value();

    private Http2RequestFields(Http2FrameListener next) {
        super(next);
    }

    static void watch(Http2ConnectionHandler handler) {
        handler.decoder().frameListener(new Http2RequestFields(handler.decoder().frameListener()));
    }

    @Override
    protected void head(int streamId, Http2Headers headers) throws Http2Exception {
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isValue(field.getValue())) {
                throw Http2Exception.streamError(
                        streamId, Http2Error.PROTOCOL_ERROR, "NUL, CR or LF in the value of a field");
            }
        }
        if (headers.contains(PROTOCOL)) {
            // Of an extension that is not offered here (RFC 8441, 3).
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, ":protocol");
        }
        CharSequence method = headers.method();
        if (method != null && !KnownMethods.contains(method.toString())) {
            headers.method(KnownMethods.OTHER);
        }
    }

    private static boolean isValue(CharSequence value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\0' || c == '\r' || c == '\n') {
                return false;
            }
        }
        return true;
    }
}
