package dev.lastcall.agent;

import dev.lastcall.run.ClientDelivery;
import dev.lastcall.run.Run;
import dev.lastcall.run.RunEvent;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one connection, one after the other. A run that is made while its connection closes is followed and left at once, which
 * stops it where it cannot outlive its client. Thread-safe.
 */
final class SocketRuns {
    private @Nullable ClientDelivery<RunEvent> running;
    private boolean beginning;
    private boolean closed;

    /** Reserves the connection for a run; false where one is under way. */
    synchronized boolean begin() {
        if (beginning || (running != null && !running.hasEnded())) {
            return false;
        }
        beginning = true;
        return true;
    }

    /** The run was not made. */
    synchronized void giveUp() {
        beginning = false;
    }

    void follow(Run run, Function<RunEvent, CompletionStage<Void>> client) {
        ClientDelivery<RunEvent> delivery = ClientDelivery.start(run, client);
        synchronized (this) {
            beginning = false;
            running = delivery;
            if (!closed) {
                return;
            }
        }
        delivery.cancel();
    }

    void close() {
        ClientDelivery<RunEvent> left;
        synchronized (this) {
            closed = true;
            left = running;
        }
        if (left != null) {
            left.cancel();
        }
    }
}
