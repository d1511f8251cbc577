package dev.lastcall.rehearsal.client;

import java.io.Closeable;

/** A client's connection to a pod, for one exchange after the other. For one thread, but for {@link #close()}. */
public interface PodConnection extends Closeable {
    /** Whether a pool would send another request on it: kept by both sides, and the peer has not ended it meanwhile. */
    boolean isUsable();

    @Override
    void close();
}
