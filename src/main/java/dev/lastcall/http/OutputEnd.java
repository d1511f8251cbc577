package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The end of our half of a connection, behind what has been written; what the peer still sends can be read. Stateless. */
public final class OutputEnd {
    private OutputEnd() {}

    /**
     * Ends our half of the connection: by a FIN, and under TLS by a close_notify before that, without which the end could be anybody's (RFC 8446,
     * 6.1). Everything written before must have been flushed. On the event loop.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // of the listener's registration
    public static ChannelFuture send(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        ChannelPromise ended = channel.newPromise();
        if (tls == null) {
            finish(channel, ended);
        } else {
            tls.closeOutbound().addListener(said -> finish(channel, ended));
        }
        return ended;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    private static void finish(Channel channel, ChannelPromise ended) {
        if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput(ended);
        } else {
            channel.close(ended);
        }
    }
}
