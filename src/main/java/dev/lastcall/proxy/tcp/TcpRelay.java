package dev.lastcall.proxy.tcp;

import dev.lastcall.drain.Entry;
import dev.lastcall.drain.Outcome;
import dev.lastcall.drain.Work;
import dev.lastcall.http.ResetOnClose;
import dev.lastcall.proxy.channel.JoinedChannels;
import io.netty.channel.Channel;

/**
 * One TCP connection passed on: each side is read as fast as the other one takes it, the end of one direction ends only that direction,
 * and a reset is passed on as one. On the client's event loop, but for the cut.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the channels' closeFutures are what everybody listens to
final class TcpRelay implements Work, JoinedChannels.Listener {
    private final String name;
    private final Channel client;
    private Channel upstream;
    private JoinedChannels joined;
    private boolean answered;

    @SuppressWarnings("NullAway.Init") // nobody is told anything before they are joined
    TcpRelay(String name, Channel client) {
        this.name = name;
        this.client = client;
    }

    void begin(Entry entry, TcpUpstream to) {
        // It has left where it went before the application had said its last byte.
        client.closeFuture().addListener(closed -> entry.end(answered ? Outcome.COMPLETED : Outcome.LEFT));
        to.connect(client).onComplete(connected -> client.eventLoop().execute(() -> {
            if (connected.succeeded()) {
                join(connected.result());
            } else {
                answered = true;
                cut();
            }
        }));
    }

    private void join(Channel connected) {
        upstream = connected;
        joined = new JoinedChannels(client, upstream, this, bytes -> bytes, bytes -> bytes);
        joined.take(null);
        joined.start();
    }

    @Override
    public void applicationEnded() {
        answered = true;
        if (joined.isClientOver()) {
            client.close();
        } else {
            JoinedChannels.endOutput(client);
        }
    }

    @Override
    public void clientEnded() {
        if (joined.isApplicationOver()) {
            if (answered) {
                client.close();
            }
        } else {
            JoinedChannels.endOutput(upstream);
        }
    }

    @Override
    public void reset(Channel channel) {
        if (channel == upstream && joined.isApplicationOver()) {
            // It had said everything, which the client is still to read: only what the client says has no reader.
            upstream.close();
            return;
        }
        answered |= channel == upstream;
        // Where it came from first: whose connection ends before the other's decides who left.
        abort(channel);
        abort(channel == client ? upstream : client);
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
        abort(client);
    }

    /** Without a FIN, which would tell that the bytes so far were all. */
    private static void abort(Channel channel) {
        if (channel.isActive()) {
            ResetOnClose.set(channel);
        }
        channel.close();
    }
}
