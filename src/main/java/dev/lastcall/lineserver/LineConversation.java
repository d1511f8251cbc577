package dev.lastcall.lineserver;

import dev.lastcall.drain.Entry;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the line server. A line is sent back once it is whole; the client is read no faster than it reads. Last words are followed by the
 * end of our side alone: closing at once what a client still writes to would reset the connection, and the last words with it. Bytes that it sends
 * then are discarded until it closes too, for 1 s at most. On its event loop, but for the cut.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the channel's closeFuture is what everybody listens to
final class LineConversation extends ChannelInboundHandlerAdapter implements Work {
    static final String GOODBYE = "Server is shutting down. Goodbye!\n";
    static final long LINGER_MS = 1000;
    private static final byte LINE_FEED = '\n';

    private final Channel client;
    private final int maxLine;
    private final ByteBuf line = Unpooled.buffer(0);
    private @Nullable Entry counted;
    private boolean ending;
    private boolean finished;
    private boolean clientEnded;

    LineConversation(Channel client, int maxLine) {
        this.client = client;
        this.maxLine = maxLine;
    }

    void begin(Entry entry) {
        counted = entry;
        // It has left where it went before we had said our last word.
        client.closeFuture().addListener(closed -> entry.end(finished ? Outcome.COMPLETED : Outcome.LEFT));
        entry.onCancelled(() -> client.eventLoop().execute(this::goodbye));
        client.read();
    }

    /** Writes the goodbye line after the last whole line, and ends our side. */
    void goodbye() {
        end(GOODBYE);
    }

    private void end(String lastWords) {
        if (ending) {
            return;
        }
        ending = true;
        line.clear();
        client.writeAndFlush(ByteBufUtil.writeUtf8(client.alloc(), lastWords)).addListener(said -> {
            spoken(said.isSuccess());
            // Behind the goodbyes of all others that wait for this event loop: only what has been said by then is no
            // cut.
            client.eventLoop().execute(this::endOurSide);
        });
    }

    private void endOurSide() {
        if (clientEnded || !(client instanceof DuplexChannel duplex)) {
            client.close();
            return;
        }
        duplex.shutdownOutput();
        client.eventLoop().schedule(() -> client.close(), LINGER_MS, TimeUnit.MILLISECONDS);
        client.read();
    }

    /** Ends the entry once the last bytes are written: a client that is slow to close need not be cut. */
    private void spoken(boolean all) {
        finished = all;
        if (all && counted != null) {
            counted.end(Outcome.COMPLETED);
        }
    }

    @Override
    public String method() {
        return "TCP";
    }

    @Override
    public String path() {
        return "line-server";
    }

    /** Cuts the connection by a reset, since not everything may have been sent. */
    @Override
    public void cut() {
        if (client.isActive()) {
            client.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        client.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!ending) {
                echo(bytes);
            }
        } finally {
            bytes.release();
        }
    }

    private void echo(ByteBuf bytes) {
        for (int end = bytes.bytesBefore(LINE_FEED); end >= 0; end = bytes.bytesBefore(LINE_FEED)) {
            if (line.readableBytes() + end > maxLine) {
                refuseLine();
                return;
            }
            ByteBuf whole = client.alloc().buffer(line.readableBytes() + end + 1);
            whole.writeBytes(line).writeBytes(bytes, end + 1);
            line.clear();
            client.write(whole, client.voidPromise());
        }
        if (line.readableBytes() + bytes.readableBytes() > maxLine) {
            refuseLine();
        } else {
            line.writeBytes(bytes);
        }
    }

    private void refuseLine() {
        end("line too long (expected: at most " + maxLine + " bytes). Goodbye!\n");
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        client.flush();
        if (!clientEnded && (ending || client.isWritable())) {
            client.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext from) {
        if (!clientEnded && client.isWritable()) {
            client.read();
        }
    }

    /** The client has said all: what is left of its last line is sent back too, and then our side ends. */
    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            clientEnded = true;
            if (finished) {
                client.close();
            } else if (!ending) {
                ending = true;
                client.writeAndFlush(line.copy()).addListener(said -> {
                    finished = said.isSuccess();
                    client.close();
                });
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable reset) {
        client.close();
    }
}
