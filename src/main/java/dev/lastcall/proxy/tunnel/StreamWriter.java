package dev.lastcall.proxy.tunnel;

import dev.lastcall.proxy.channel.TimeoutScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a channel has flushed on an HTTP/2 stream: everything that waits as one write, and the next once the client has taken it. Its
 * window is the measure, not the socket. On the event loop.
 */
final class StreamWriter {
    private final Channel channel;
    private final HttpServerResponse response;
    private final Supplier<TimeoutScanner.Watch> writing;
    private TimeoutScanner.@Nullable Watch written;

    /** @param writing watches over a write, whose client may take it never */
    StreamWriter(Channel channel, HttpServerResponse response, Supplier<TimeoutScanner.Watch> writing) {
        this.channel = channel;
        this.response = response;
        this.writing = writing;
    }

    void write(ChannelOutboundBuffer out) throws Exception {
        while (written == null && !out.isEmpty()) {
            List<ByteBuf> waiting = new ArrayList<>();
            out.forEachFlushedMessage(message -> waiting.add(((ByteBuf) message).retainedDuplicate()));
            ByteBuf bytes = Unpooled.wrappedBuffer(waiting.toArray(new ByteBuf[0]));
            written = writing.get();
            if (bytes.isReadable()) {
                write(bytes, waiting.size());
            } else {
                bytes.release();
                written(waiting.size(), null);
            }
        }
    }

    @SuppressWarnings("deprecation") // without a copy
    private void write(ByteBuf bytes, int messages) {
        response.write(Buffer.buffer(bytes), (AsyncResult<Void> done) -> written(messages, done.cause()));
    }

    private void written(int messages, @Nullable Throwable failure) {
        if (written != null) {
            written.stop();
            written = null;
        }
        for (int i = 0; i < messages; i++) {
            // The close of the channel has failed what was left, and a listener may close it here.
            ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
            if (out == null) {
                return;
            }
            if (failure == null) {
                out.remove();
            } else {
                out.remove(failure);
            }
        }
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        if (out != null && !out.isEmpty()) {
            channel.unsafe().flush();
        }
    }
}
