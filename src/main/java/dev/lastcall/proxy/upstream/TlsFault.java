package dev.lastcall.proxy.upstream;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The reason why there is no TLS connection to the application, in words. Stateless. */
public final class TlsFault {
    private static final int LONGEST = 200;

    private TlsFault() {}

    /** Whether TLS is why it failed. */
    public static boolean isIn(@Nullable Throwable failure) {
        return failure != null && (failure instanceof SSLException || isIn(failure.getCause()));
    }

    /** Of a failure that it {@link #isIn}. */
    public static String detail(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "no TLS connection to the application: " + reason(root) + " (lastcall.proxy.upstream, upstream-tls)";
    }

    private static String reason(Throwable root) {
        if (root instanceof NotSslRecordException) {
            return "it does not speak TLS";
        }
        if (root instanceof ClosedChannelException || root.getMessage() == null) {
            return "it closed the connection in the handshake";
        }
        String message = root.getMessage();
        return message.length() <= LONGEST ? message : message.substring(0, LONGEST);
    }
}
