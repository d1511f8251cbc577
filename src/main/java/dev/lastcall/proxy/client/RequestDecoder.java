package dev.lastcall.proxy.client;

import dev.lastcall.http.UnreadRequests;
import dev.lastcall.proxy.message.Upgrades;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of a client's HTTP/1.x connection. It decodes one request at a time: what a client pipelines stays bytes until the answer before it has
 * been written, and reading stops where they are many. It is strict where Netty is lenient: about a request's first byte, version and chunks. On the
 * event loop.
 */
public final class RequestDecoder extends HttpRequestDecoder implements UnreadRequests {
    private static final String NAME = "httpDecoder";
    private static final int HEAD = 64 * 1024;
    /** Up to so many bytes of further requests reading goes on: its end is how one learns that the client has left. */
    private static final int MOST_HELD = 4096;

    private @Nullable ChunkSyntax chunks;
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private boolean begun;
    private boolean broken;
    private boolean stopped;
    private int ended;
    private int answered;

    private RequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(HEAD)
                .setMaxHeaderSize(HEAD)
                .setMaxChunkSize(HEAD));
    }

    /** Takes the place of Vert.x' own, before that has seen a whole line. */
    static void install(ChannelPipeline pipeline) {
        if (pipeline.get(NAME) != null && pipeline.get(RequestDecoder.class) == null) {
            pipeline.replace(NAME, NAME, new RequestDecoder());
        }
    }

    /** The answer to the oldest request that had none has been written as a whole. */
    void answered(ChannelHandlerContext on) {
        answered++;
        if (!isHeld() && (stopped || actualReadableBytes() > 0)) {
            on.executor().execute(() -> resume(on.pipeline().context(this)));
        }
    }

    @Override
    public boolean hasUnread() {
        return actualReadableBytes() > 0;
    }

    /** How many bytes of further requests there are. */
    int unread() {
        return actualReadableBytes();
    }

    /** Whether a part of a request's head has come. */
    boolean hasBegun() {
        return begun || hasUnread();
    }

    private void resume(@Nullable ChannelHandlerContext context) {
        if (context == null || context.isRemoved()) {
            return;
        }
        if (stopped) {
            stopped = false;
            context.channel().config().setAutoRead(true);
        }
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            context.fireExceptionCaught(e);
        }
        context.fireChannelReadComplete();
    }

    private boolean isHeld() {
        return ended - answered > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        super.channelRead(context, message);
        if (!stopped && isHeld() && !context.isRemoved() && actualReadableBytes() > MOST_HELD) {
            stopped = true;
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
        if (broken) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        if (isHeld() || !startsWell(bytes, out)) {
            return;
        }
        int before = bytes.readerIndex();
        int known = out.size();
        super.decode(context, bytes, out);
        begun |= bytes.readerIndex() > before;
        if (chunks != null && !chunks.accepts(bytes, before, bytes.readerIndex())) {
            refuseChunks(bytes, out, known);
        }
        for (int i = known; i < out.size(); i++) {
            note(out.get(i));
        }
    }

    /** Empty lines before a request are skipped (RFC 9112, 2.2), nothing else is. */
    private boolean startsWell(ByteBuf bytes, List<Object> out) {
        if (begun) {
            return true;
        }
        while (bytes.isReadable()) {
            byte first = bytes.getByte(bytes.readerIndex());
            if (first != '\r' && first != '\n') {
                if (first > ' ') {
                    return true;
                }
                HttpMessage wrong = createInvalidMessage();
                wrong.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("no method")));
                out.add(wrong);
                bytes.skipBytes(bytes.readableBytes());
                broken = true;
                return false;
            }
            bytes.skipBytes(1);
        }
        return false;
    }

    private void note(Object message) {
        if (message instanceof HttpRequest request) {
            request.setProtocolVersion(version);
            chunks = HttpUtil.isTransferEncodingChunked(request) ? new ChunkSyntax() : null;
            Upgrades.ignoreH2c(request.headers());
        }
        if (message instanceof LastHttpContent) {
            ended++;
            begun = false;
            chunks = null;
        }
    }

    private void refuseChunks(ByteBuf bytes, List<Object> out, int known) {
        while (out.size() > known) {
            ReferenceCountUtil.release(out.remove(out.size() - 1));
        }
        bytes.skipBytes(bytes.readableBytes());
        broken = true;
        LastHttpContent wrong = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        wrong.setDecoderResult(DecoderResult.failure(new NumberFormatException("chunk size")));
        out.add(wrong);
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        version = versionOf(initialLine[2]);
        // To Netty it is 1.1 until it is decoded: of 1.0 it would take the first of two lengths.
        return new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(initialLine[0]),
                initialLine[1],
                HeadersMultiMap.httpHeaders());
    }

    /** A higher minor version is the same protocol, another major one is not (RFC 9110, 2.5). */
    private static HttpVersion versionOf(String version) {
        boolean wellFormed = version.length() == 8
                && version.startsWith("HTTP/")
                && isDigit(version.charAt(5))
                && version.charAt(6) == '.'
                && isDigit(version.charAt(7));
        if (!wellFormed) {
            throw new IllegalArgumentException("no HTTP version: " + version);
        }
        if (version.charAt(5) != '1') {
            throw new UnsupportedVersion(version);
        }
        return version.charAt(7) == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return false;
    }

    /** Its head is of a major version that is not spoken here. */
    public static final class UnsupportedVersion extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnsupportedVersion(String version) {
            super(version);
        }
    }
}
