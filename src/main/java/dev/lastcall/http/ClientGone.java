package dev.lastcall.http;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Whether a request failed because its client, or its client's connection, went away: nothing of ours is broken then. Stateless. */
public final class ClientGone {
    private static final int DEEPEST = 10;

    private ClientGone() {}

    /**
     * Tells of such a failure in one line, without a stack trace.
     *
     * @return false: it is another failure, and nothing has been logged
     */
    public static boolean logged(Logger log, @Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (isOne(cause)) {
                log.debugf("left by its client: %s", cause.toString());
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isOne(Throwable failure) {
        return failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof ClosedChannelException
                || (failure instanceof IOException && isReset(failure.getMessage()));
    }

    private static boolean isReset(@Nullable String message) {
        return message != null && (message.contains("Connection reset") || message.contains("Broken pipe"));
    }
}
