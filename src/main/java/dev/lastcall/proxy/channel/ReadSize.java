package dev.lastcall.proxy.channel;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.BooleanSupplier;

/**
 * How much is read from the application at a time: what the client can take. While it takes nothing only so little that a head comes
 * through, since whatever is read then is held, for each of a connection's streams.
 */
public final class ReadSize extends DefaultMaxMessagesRecvByteBufAllocator {
    public static final int MOST = 16 * 1024;
    private static final int LEAST = 256;

    /** Limits a channel's reads while this is false. */
    public static void limit(Channel channel, BooleanSupplier roomy) {
        if (channel.unsafe().recvBufAllocHandle() instanceof SizedReads reads) {
            reads.roomy = roomy;
        }
    }

    @Override
    @SuppressWarnings("deprecation") // of Netty's interface, which has no other
    public Handle newHandle() {
        return new SizedReads();
    }

    private final class SizedReads extends MaxMessageHandle {
        private BooleanSupplier roomy = () -> true;

        @Override
        public int guess() {
            return roomy.getAsBoolean() ? MOST : LEAST;
        }
    }
}
