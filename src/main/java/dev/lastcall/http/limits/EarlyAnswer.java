package dev.lastcall.http.limits;

import dev.lastcall.http.OutputEnd;
import dev.lastcall.http.RefusalFormats;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The last answer on an HTTP/1.x connection whose request never came to be one, written as bytes. Stateless. */
final class EarlyAnswer {
    /** The client reads the answer meanwhile: closing with bytes of its unread would reset the connection. */
    private static final long LINGER_MS = 200;

    private EarlyAnswer() {}

    /** Writes it, ends our half of the connection, and closes it soon after. From a handler that stands behind TLS. On the event loop. */
    static void send(ChannelHandlerContext context, RefusalFormats.Answer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + answer.status() + ' ' + answer.phrase() + "\r\nConnection: close\r\nContent-Type: "
                + answer.mediaType() + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        context.writeAndFlush(Unpooled.wrappedBuffer(
                        ByteBufUtil.writeAscii(context.alloc(), head), Unpooled.wrappedBuffer(body)))
                .addListener(written -> close(context));
    }

    /** Half of it first; what comes then is the decoder's to discard. */
    private static void close(ChannelHandlerContext context) {
        Channel channel = context.channel();
        channel.config().setAutoRead(true);
        OutputEnd.send(channel).addListener(halfClosed -> {
            var unused = context.executor().schedule(() -> end(context), LINGER_MS, TimeUnit.MILLISECONDS);
        });
    }

    private static void end(ChannelHandlerContext context) {
        var unused = context.close();
    }
}
