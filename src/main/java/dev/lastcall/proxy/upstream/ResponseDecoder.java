package dev.lastcall.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * The decoder of a connection to the application. Bytes that no request asked for (behind a whole answer, or while there is none) are never
 * decoded: they would become the answer to somebody else's request (RFC 9112, 9.2). On the event loop.
 */
public final class ResponseDecoder extends HttpResponseDecoder {
    private static final int HEAD = 64 * 1024;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL = 200;

    /** The failure of bytes that do not begin as an answer does: they may be what an earlier answer left on the connection. */
    public static final class NoAnswerException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        NoAnswerException() {
            super("no HTTP version that is spoken here");
        }
    }

    private boolean expecting;
    private boolean head;
    private boolean unasked;
    private int status;

    /** @param chunk of a body, at most */
    ResponseDecoder(int chunk) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(HEAD)
                .setMaxHeaderSize(HEAD)
                .setMaxChunkSize(chunk)
                .setAllowDuplicateContentLengths(true));
    }

    /** A request is about to be sent; an answer to a HEAD has no body, whatever it says. */
    void expect(boolean toHead) {
        expecting = true;
        head = toHead;
    }

    /** Whether bytes have come that belong to no answer: the connection is not to be used again. */
    boolean hasUnasked() {
        return unasked;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (expecting) {
            super.channelRead(context, message);
        } else {
            unasked = true;
            ReferenceCountUtil.release(message);
            var unused = context.close();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        if (!expecting) {
            unasked = true;
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        int known = out.size();
        super.decode(context, bytes, out);
        for (int i = known; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpResponse response) {
                status = response.status().code();
            }
            if (message instanceof LastHttpContent && status >= FIRST_FINAL) {
                expecting = false;
                unasked |= bytes.isReadable();
            }
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        int code = ((HttpResponse) message).status().code();
        return (head && code >= FIRST_FINAL) || code == SWITCHING_PROTOCOLS || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        String code = initialLine[1];
        if (code.length() != 3 || !code.chars().allMatch(c -> c >= '0' && c <= '9') || code.charAt(0) == '0') {
            throw new IllegalArgumentException("no status");
        }
        return new DefaultHttpResponse(
                versionOf(initialLine[0]), HttpResponseStatus.valueOf(Integer.parseInt(code), initialLine[2]));
    }

    private static HttpVersion versionOf(String version) {
        if (version.length() != 8 || !version.startsWith("HTTP/1.") || !Character.isDigit(version.charAt(7))) {
            throw new NoAnswerException();
        }
        return version.charAt(7) == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    /** White space before the colon is to be removed (RFC 9112, 5.1); a name of two words, which Netty would cut, is none. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        int at = start + length;
        while (at < line.length && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        if (at >= line.length || line[at] != ':') {
            throw new IllegalArgumentException("no field name");
        }
        return super.splitHeaderName(line, start, length);
    }
}
