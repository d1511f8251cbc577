package dev.lastcall.proxy.client;

import dev.lastcall.proxy.Decoded;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/** The requests that the sidecar finds in a connection's bytes; each is answered as soon as it is whole. */
final class DecodedRequests {
    private DecodedRequests() {}

    static List<String> of(List<byte[]> pieces) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("httpDecoder", new HttpRequestDecoder());
        RequestDecoder.install(channel.pipeline());
        RequestDecoder decoder = channel.pipeline().get(RequestDecoder.class);
        return Decoded.messages(
                channel, pieces, () -> decoder.answered(channel.pipeline().context(decoder)));
    }
}
