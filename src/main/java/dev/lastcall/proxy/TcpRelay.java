package dev.lastcall.proxy;

import dev.lastcall.drain.Entry;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/**
 * One TCP connection passed on: each side is read as fast as the other one takes it, the end of one direction ends only that direction,
 * and a reset is passed on as one. On the client's event loop, but for the cut.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the channels' closeFutures are what everybody listens to
final class TcpRelay implements Work {
    private final String name;
    private final Channel client;
    private boolean answered;

    TcpRelay(String name, Channel client) {
        this.name = name;
        this.client = client;
    }

    void begin(Entry entry, TcpUpstream to) {
        // It has left where it went before the application had said its last byte.
        client.closeFuture().addListener(closed -> entry.end(answered ? Outcome.COMPLETED : Outcome.LEFT));
        to.connect(client).addListener(connected -> {
            Channel upstream = ((io.netty.channel.ChannelFuture) connected).channel();
            if (connected.isSuccess()) {
                join(upstream);
            } else {
                answered = true;
                cut();
            }
        });
    }

    private void join(Channel upstream) {
        client.closeFuture().addListener(closed -> upstream.close());
        upstream.closeFuture().addListener(closed -> {
            answered = true;
            client.close();
        });
        Half toUpstream = new Half(upstream);
        Half toClient = new Half(client);
        toUpstream.other = toClient;
        toClient.other = toUpstream;
        client.pipeline().addLast(toUpstream);
        upstream.pipeline().addLast(toClient);
        client.read();
        upstream.read();
    }

    @Override
    public String method() {
        return "TCP";
    }

    @Override
    public String path() {
        return name;
    }

    @Override
    public void cut() {
        reset(client);
    }

    /** Without a FIN, which would tell that the bytes so far were all. */
    private static void reset(Channel channel) {
        if (channel.isActive()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** One direction. */
    private final class Half extends ChannelInboundHandlerAdapter {
        private final Channel to;
        private boolean over;
        private Half other;

        @SuppressWarnings("NullAway.Init") // the two know each other before either is used
        Half(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext from, Object bytes) {
            to.write(bytes, to.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext from) {
            to.flush();
            if (to.isWritable() && !over) {
                from.read();
            }
        }

        /** What is read here is written by the other half: it may go on. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext from) {
            if (from.channel().isWritable() && !other.over) {
                to.read();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext from, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !over) {
                over = true;
                answered |= to == client;
                to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
                    if (other.over) {
                        to.close();
                    } else if (to instanceof DuplexChannel duplex) {
                        duplex.shutdownOutput();
                    }
                });
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable reset) {
            answered |= to == client;
            // Where it came from first: whose connection ends before the other's decides who left.
            reset(from.channel());
            reset(to);
        }
    }
}
