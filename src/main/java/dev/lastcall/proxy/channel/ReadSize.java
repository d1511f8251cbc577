package dev.lastcall.proxy.channel;

import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.BooleanSupplier;

/**
 * The number of bytes that are read from the application at a time: as many as the client can take. While it takes nothing, only so few are read that
 * a head comes through, since bytes that are read then are held, for each of a connection's streams.
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
