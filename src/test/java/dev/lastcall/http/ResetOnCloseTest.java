package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class ResetOnCloseTest {
    /** A channel in its state between the peer's close and the time at which the event loop hears of it. */
    private static final class ClosedBelow extends NioSocketChannel {
        ClosedBelow(SocketChannel socket) {
            super(null, socket);
        }

        @Override
        public boolean isActive() {
            return true;
        }
    }

    @Test
    void closedSocketIsNoFailure() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel socket =
                    SocketChannel.open(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            ClosedBelow channel = new ClosedBelow(socket);
            ResetOnClose.set(channel);
            assertThat(channel.config().getSoLinger()).isZero();
            socket.close();
            assertThatThrownBy(() -> channel.config().setOption(ChannelOption.SO_LINGER, 0))
                    .isNotNull();
            assertThatCode(() -> ResetOnClose.set(channel)).doesNotThrowAnyException();
        }
    }
}
