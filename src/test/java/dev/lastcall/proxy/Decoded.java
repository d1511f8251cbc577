package dev.lastcall.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The messages that one of our decoders finds in a connection's bytes, up to the first that it refuses. None of the bytes are kept. */
public final class Decoded {
    private final List<String> messages = new ArrayList<>();
    private final StringBuilder head = new StringBuilder();
    private final StringBuilder body = new StringBuilder();
    private final StringBuilder upgraded = new StringBuilder();
    private boolean refused;

    private Decoded() {}

    /** Runs {@code whole} behind each message that is whole. */
    public static List<String> messages(EmbeddedChannel channel, List<byte[]> pieces, Runnable whole) {
        return new Decoded().all(channel, pieces, whole);
    }

    private List<String> all(EmbeddedChannel channel, List<byte[]> pieces, Runnable whole) {
        for (byte[] piece : pieces) {
            if (refused || !channel.isOpen()) {
                break;
            }
            ByteBuf bytes = Unpooled.copiedBuffer(piece);
            channel.writeInbound(bytes);
            note(channel, whole);
        }
        channel.finish();
        note(channel, whole);
        if (!refused && head.length() > 0) {
            messages.add(head + "\n\n" + body + " and not whole");
        }
        messages.add("upgraded=" + upgraded);
        channel.releaseInbound();
        return messages;
    }

    private void note(EmbeddedChannel channel, Runnable whole) {
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            try {
                if (next instanceof ByteBuf bytes) {
                    upgraded.append(ByteBufUtil.hexDump(bytes));
                } else {
                    note((HttpObject) next, whole);
                }
            } finally {
                ReferenceCountUtil.release(next);
            }
            channel.runPendingTasks();
        }
    }

    private void note(HttpObject message, Runnable whole) {
        if (refused) {
            return;
        }
        if (message.decoderResult().isFailure()) {
            // How much of a body came before the fault depends on the pieces.
            messages.add(head.length() > 0 && message instanceof HttpContent ? head + "\n\nrefused" : "refused");
            refused = true;
            return;
        }
        if (message instanceof HttpMessage begun) {
            begin(begun);
        }
        if (message instanceof HttpContent content) {
            body.append(ByteBufUtil.hexDump(content.content()));
        }
        if (message instanceof LastHttpContent last) {
            for (Map.Entry<String, String> field : last.trailingHeaders()) {
                body.append('\n').append(field.getKey()).append(": ").append(field.getValue());
            }
            messages.add(head + "\n\n" + body);
            head.setLength(0);
            body.setLength(0);
            whole.run();
        }
    }

    private void begin(HttpMessage message) {
        head.append(
                message instanceof HttpRequest request
                        ? request.method() + " " + request.uri() + " " + request.protocolVersion()
                        : message.protocolVersion() + " " + ((HttpResponse) message).status());
        for (Map.Entry<String, String> field : message.headers()) {
            head.append('\n').append(field.getKey()).append(": ").append(field.getValue());
        }
    }
}
