package dev.lastcall.proxy.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Gives Vert.x the first bytes of a connection one part before the others: up to the first that is not HTTP/2's preface. Between the two
 * Vert.x has decided for HTTP/1.x and has not decoded a line yet, which is when its decoder can be exchanged for ours.
 */
final class ProtocolDetection extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private int seen;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int same = 0;
        while (same < bytes.readableBytes()
                && seen + same < PREFACE.length
                && bytes.getByte(bytes.readerIndex() + same) == PREFACE[seen + same]) {
            same++;
        }
        seen += same;
        if (seen == PREFACE.length) {
            context.fireChannelRead(bytes);
            context.pipeline().remove(this);
        } else if (same == bytes.readableBytes()) {
            context.fireChannelRead(bytes);
        } else {
            context.fireChannelRead(seen == 0 && isSkipped(bytes) ? notSkipped() : bytes.readRetainedSlice(same + 1));
            RequestDecoder.install(context.pipeline());
            context.fireChannelRead(bytes);
            context.pipeline().remove(this);
        }
    }

    /** Vert.x' decoder would leave out what is no method's begin, before ours sees it. */
    private static boolean isSkipped(ByteBuf bytes) {
        byte first = bytes.getByte(bytes.readerIndex());
        return first >= 0 && first <= ' ' && first != '\r' && first != '\n';
    }

    /** With this before it the request has no version. */
    private static ByteBuf notSkipped() {
        return Unpooled.wrappedBuffer(new byte[] {'!'});
    }
}
