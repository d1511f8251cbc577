package dev.lastcall.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Pipelined requests of a client, which wait as bytes. */
class RequestDecoderTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void oneRequestIsDecodedAtATime() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast("httpDecoder", new ChannelInboundHandlerAdapter());
        RequestDecoder.install(channel.pipeline());
        RequestDecoder decoder = channel.pipeline().get(RequestDecoder.class);
        channel.writeInbound(
                Unpooled.copiedBuffer(GET.repeat(1000) + GET.substring(0, 9), StandardCharsets.ISO_8859_1));
        for (int i = 0; i < 1000; i++) {
            assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
            assertThat(channel.<Object>readInbound()).isNotInstanceOf(HttpRequest.class);
            assertThat(channel.<Object>readInbound()).isNull();
            assertThat(channel.config().isAutoRead()).isEqualTo(i >= 848);
            decoder.answered(channel.pipeline().context(decoder));
            channel.runPendingTasks();
        }
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(Unpooled.copiedBuffer(GET.substring(9), StandardCharsets.ISO_8859_1));
        assertThat(channel.<Object>readInbound()).isInstanceOf(HttpRequest.class);
        channel.finishAndReleaseAll();
    }
}
