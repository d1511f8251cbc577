package dev.lastcall.proxy.tunnel;

import dev.lastcall.http.ResetOnClose;
import dev.lastcall.proxy.channel.JoinedChannels;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket between a client and the application: frames pass as they are, whatever extensions the two have agreed on. When the drain
 * tells it to end, it puts a Close of its own between two frames of the application; the client's answer goes to the application, which
 * sees an orderly end. A frame that cannot be read ends it for both. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the channels' closeFutures are what everybody listens to
public final class Tunnel implements JoinedChannels.Listener {
    /** "Service Restart", registered with IANA for RFC 6455, 7.4. */
    private static final short SERVICE_RESTART = 1012;

    private static final short PROTOCOL_ERROR = 1002;
    /** At most 123 bytes: a control frame holds 125, two of them are the code. */
    private static final String SHUTDOWN = "{\"reason\":\"shutdown\",\"retryable\":true}";

    private static final byte FINAL_CLOSE = (byte) 0x88;
    private static final byte MASKED = (byte) 0x80;
    private static final long ANSWER_MS = 1000;
    /** For a client that reads what its kernel has, and does not say that it has read the end. */
    private static final long LINGER_MS = 30_000;

    private final Runnable ended;
    private final TunnelClient side;
    private final Channel client;
    private final Channel upstream;
    private final JoinedChannels joined;
    private final Side toClient;
    private final Side toUpstream;
    private boolean broken;
    private boolean aborted;

    /**
     * @param ended the WebSocket has ended without the client's leaving: the application ended it and the client has all of it, or the
     *     client has had its time to answer a Close
     */
    public Tunnel(TunnelClient side, Channel upstream, Runnable ended) {
        this.ended = ended;
        this.side = side;
        client = side.channel();
        this.upstream = upstream;
        toClient = new Side(client);
        toUpstream = new Side(upstream);
        joined = new JoinedChannels(client, upstream, this, this::fromClient, this::fromApplication);
    }

    /** Takes the bytes behind the two heads, before anybody else does. */
    public void take() {
        joined.take("handler");
    }

    /** Begins to pass them on, behind the head that accepts the upgrade. */
    public void start() {
        joined.start();
    }

    private ByteBuf fromClient(ByteBuf bytes) {
        ByteBuf passed = toUpstream.pass(bytes);
        if (toUpstream.frames.isBroken()) {
            endBroken();
        } else if (toClient.said && toUpstream.frames.isClosed()) {
            // Both have said it: the server's side closes first (RFC 6455, 7.1.1).
            JoinedChannels.endOutput(client);
        }
        return passed;
    }

    private ByteBuf fromApplication(ByteBuf bytes) {
        ByteBuf passed = toClient.pass(bytes);
        if (toClient.frames.isBroken()) {
            endBroken();
        }
        return passed;
    }

    /** Told to: says it now or after the frame under way, and cuts a client that has not answered a second later. */
    public void end() {
        toClient.close(frame(SERVICE_RESTART, SHUTDOWN, false));
        later(ANSWER_MS, () -> {
            ended.run();
            close();
        });
    }

    private void endBroken() {
        if (broken) {
            return;
        }
        broken = true;
        toClient.close(frame(PROTOCOL_ERROR, "", false));
        toUpstream.close(frame(PROTOCOL_ERROR, "", true));
        // Behind what is being passed on at this moment.
        client.eventLoop().execute(() -> {
            toClient.endOutput();
            toUpstream.endOutput();
        });
        later(ANSWER_MS, this::close);
    }

    private void close() {
        JoinedChannels.closeNow(upstream);
        JoinedChannels.closeNow(client);
    }

    private void finish() {
        JoinedChannels.closeNow(upstream);
        side.finish();
    }

    private void later(long delayMs, Runnable action) {
        client.eventLoop().schedule(action, delayMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void applicationEnded() {
        if (joined.isClientOver()) {
            finish();
            return;
        }
        ended.run();
        if (aborted && side.passesResets()) {
            close();
            return;
        }
        JoinedChannels.endOutput(client);
        later(LINGER_MS, this::close);
    }

    @Override
    public void clientEnded() {
        if (joined.isApplicationOver() || toClient.said) {
            finish();
        } else {
            JoinedChannels.endOutput(upstream);
            later(ANSWER_MS, this::close);
        }
    }

    /** Handles a reset: the application's last bytes are still on their way to the client, and nobody waits for a client that has gone. */
    @Override
    public void reset(Channel channel) {
        if (channel == client) {
            if (side.passesResets()) {
                ResetOnClose.set(upstream);
            }
            close();
        } else {
            // Where it is passed on: behind what the application had said before, which a reset could cost.
            aborted = true;
            JoinedChannels.closeNow(upstream);
        }
    }

    private static ByteBuf frame(short code, String reason, boolean masked) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        ByteBuf frame = Unpooled.buffer(8 + text.length).writeByte(FINAL_CLOSE);
        int length = 2 + text.length;
        // A mask of zeros is a mask: what a client sends must have one.
        frame.writeByte(masked ? MASKED | length : length);
        return masked
                ? frame.writeInt(0).writeShort(code).writeBytes(text)
                : frame.writeShort(code).writeBytes(text);
    }

    /** The frames that go to one of the two. */
    private static final class Side {
        private final Channel to;
        private final Frames frames = new Frames();
        private ByteBuf begun = Unpooled.EMPTY_BUFFER;
        private @Nullable ByteBuf goodbye;
        private boolean said;

        Side(Channel to) {
            this.to = to;
        }

        /** Returns the part of the bytes that may go on: whole headers alone, and nothing behind a Close of ours. */
        ByteBuf pass(ByteBuf bytes) {
            if (said) {
                bytes.release();
                return Unpooled.EMPTY_BUFFER;
            }
            ByteBuf all = begun.isReadable() ? Unpooled.wrappedBuffer(begun, bytes) : bytes;
            begun = Unpooled.EMPTY_BUFFER;
            int length = frames.pass(all, goodbye == null ? Integer.MAX_VALUE : 1);
            if (length < all.readableBytes() && goodbye == null && !frames.isBroken()) {
                begun = Unpooled.copiedBuffer(all.slice(all.readerIndex() + length, all.readableBytes() - length));
            }
            ByteBuf passed = all.slice(all.readerIndex(), length);
            if (goodbye != null && frames.isBetween()) {
                said = true;
                return Unpooled.wrappedBuffer(passed, goodbye);
            }
            return passed;
        }

        /** Ends the output, unless a Close is still to come behind the frame under way: then the end comes with the time limit. */
        void endOutput() {
            if (said || frames.isClosed()) {
                JoinedChannels.endOutput(to);
            }
        }

        /** With this frame, now or behind the one under way. */
        void close(ByteBuf frame) {
            if (goodbye != null || frames.isClosed()) {
                return;
            }
            goodbye = frame;
            if (frames.isBetween()) {
                said = true;
                to.eventLoop().execute(() -> to.writeAndFlush(frame));
            }
        }
    }
}
