package dev.lastcall.kubernetes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Receives this pod's object as the API server has it, on the event loop of the watch. */
interface OwnPodListener {
    /**
     * Tells the object, at the start and after each change.
     *
     * @param now the server's clock where the object was asked for; null where the change has just been told
     */
    void seen(PodObject pod, @Nullable Instant now);

    /** Called where there is no such pod any more, though its end was not seen. */
    default void gone() {}
}
