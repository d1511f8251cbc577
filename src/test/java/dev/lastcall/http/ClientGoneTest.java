package dev.lastcall.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

class ClientGoneTest {
    private static final Logger LOG = Logger.getLogger(ClientGoneTest.class);

    @Test
    void clientsThatLeaveAreNoFailuresOfOurs() {
        for (Throwable left : new Throwable[] {
            new StreamResetException(8),
            new HttpClosedException("closed"),
            new ClosedChannelException(),
            new IOException("Connection reset by peer"),
            new CompletionException(new StreamResetException(0))
        }) {
            assertThat(ClientGone.logged(LOG, left)).as("%s", left).isTrue();
        }
    }

    @Test
    void everythingElseIs() {
        assertThat(ClientGone.logged(LOG, new IllegalStateException("ours"))).isFalse();
        assertThat(ClientGone.logged(LOG, new IOException("no space left"))).isFalse();
        assertThat(ClientGone.logged(LOG, null)).isFalse();
    }
}
