package dev.lastcall.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;

/** Makes the next close of a connection a reset, so that what has been sent does not look whole. Stateless. */
public final class ResetOnClose {
    private ResetOnClose() {}

    /** On any thread. A socket that its peer has closed takes no options any more, and needs none. */
    public static void set(Channel channel) {
        if (!channel.isActive()) {
            return;
        }
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closedMeanwhile) {
            // The kernel has sent its own reset, or will.
            return;
        }
    }
}
