package dev.lastcall.proxy.channel;

import dev.lastcall.http.OutputEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and one to the application, whose bytes are passed on in both directions. Each is read only while the other can be
 * written to, so neither direction holds more than a buffer. The end of one direction is told once everything before it has been handed to
 * the kernel. Both are on one event loop, and so is this.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // failures are told by the listener of the write, or by the channel's close
public final class JoinedChannels {
    /** The listener that is told of the ends and the resets of the two, of each once. */
    public interface Listener {
        /** The application has said its last byte, and the client's kernel has it. */
        void applicationEnded();

        /** The client has said its last byte, and the application's kernel has it. */
        void clientEnded();

        /** The connection has been reset by its peer. */
        void reset(Channel channel);
    }

    /** Looks at the bytes of one direction before they go on. */
    public interface Filter {
        /** Takes over the bytes, gives what is to be passed on instead. */
        ByteBuf filter(ByteBuf bytes);
    }

    private final Channel client;
    private final Channel upstream;
    private final Listener listener;
    private final Direction up;
    private final Direction down;

    public JoinedChannels(Channel client, Channel upstream, Listener listener, Filter toUpstream, Filter toClient) {
        this.client = client;
        this.upstream = upstream;
        this.listener = listener;
        up = new Direction(client, upstream, toUpstream);
        down = new Direction(upstream, client, toClient);
    }

    /**
     * Takes both channels' bytes from now on, and holds them until {@link #start}.
     *
     * @param before name of the handlers that get no more; null: the last ones
     */
    public void take(@Nullable String before) {
        for (Direction direction : new Direction[] {up, down}) {
            Channel from = direction.from;
            from.config().setAutoRead(false);
            from.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            // A write that fails must not close: what the peer had said before may still be there to be read.
            from.config().setOption(ChannelOption.AUTO_CLOSE, false);
            if (before == null || from.pipeline().context(before) == null) {
                from.pipeline().addLast(direction);
            } else {
                from.pipeline().addBefore(before, null, direction);
            }
        }
    }

    /** Passes bytes on, those that were held first. */
    public void start() {
        client.closeFuture().addListener(closed -> closeNow(upstream));
        up.start();
        down.start();
    }

    /** Whether nothing more comes from the client. */
    public boolean isClientOver() {
        return up.over;
    }

    /** Whether nothing more comes from the application. */
    public boolean isApplicationOver() {
        return down.over;
    }

    /** Tells the peer that nothing more will come, behind what is written. */
    public static void endOutput(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> OutputEnd.send(channel));
    }

    /** Without waiting for what is unwritten, as Vert.x' handler on the channel would. */
    public static void closeNow(Channel channel) {
        ChannelHandlerContext vertx = channel.pipeline().context("handler");
        if (vertx == null) {
            channel.close();
        } else {
            vertx.close();
        }
    }

    private final class Direction extends ChannelInboundHandlerAdapter {
        private final Channel from;
        private final Channel to;
        private final Filter filter;
        private ByteBuf early = Unpooled.EMPTY_BUFFER;
        private boolean started;
        private boolean over;
        private boolean deaf;

        Direction(Channel from, Channel to, Filter filter) {
            this.from = from;
            this.to = to;
            this.filter = filter;
        }

        void start() {
            started = true;
            if (early.isReadable()) {
                pass(early);
                to.flush();
            }
            if (from.isActive()) {
                from.read();
            } else {
                end();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes)) {
                context.fireChannelRead(message);
            } else if (started) {
                pass(bytes);
            } else {
                early = Unpooled.wrappedBuffer(early, bytes);
            }
        }

        private void pass(ByteBuf bytes) {
            ByteBuf passed = filter.filter(bytes);
            if (passed.isReadable() && !deaf) {
                to.write(passed).addListener(written -> deaf |= !written.isSuccess());
            } else {
                ReferenceCountUtil.release(passed);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (!started) {
                context.fireChannelReadComplete();
                return;
            }
            to.flush();
            readOn();
        }

        private void readOn() {
            if (started && !over && (deaf || to.isWritable())) {
                from.read();
            }
        }

        /** Reads on in the other direction, which writes to the channel that this one reads. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (!started) {
                context.fireChannelWritabilityChanged();
            } else {
                (this == up ? down : up).readOn();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
                // TLS has an end of its own, behind which the connection may stay open.
                end();
            } else {
                context.fireUserEventTriggered(event);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end();
            context.fireChannelInactive();
        }

        private void end() {
            if (over || !started) {
                return;
            }
            over = true;
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture flushed) -> {
                if (this == up) {
                    listener.clientEnded();
                } else {
                    listener.applicationEnded();
                }
            });
        }

        /** Reports a reset that reading has found: a write that fails says so itself. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!(failure instanceof ChannelOutputShutdownException)) {
                listener.reset(from);
            }
        }
    }
}
