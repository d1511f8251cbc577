package dev.lastcall.run.ownership;

import dev.lastcall.run.log.Claimed;
import java.util.Map;
import java.util.UUID;

/** The runs that this pod owns: its lease, the claims it makes and loses. Thread-safe. */
public interface Ownership {
    /** Starts claiming; the listener is called from now on. */
    void start(ClaimListener owner);

    /** Whether a run may be begun or claimed here: claiming is not paused, the lease is sure, and {@code max-owned} is not reached. */
    boolean mayOwn();

    /** Whether the lease is sure at this instant: no effect begins without. */
    boolean isSure();

    /** Whether any other living pod claims, as far as is known. */
    boolean othersServe();

    /** Whether {@link #pause} was called and {@link #resume} was not. */
    boolean paused();

    /** Claims nothing any more, and lets the others know: the first trigger of a drain. */
    void pause();

    /** Claims again: the drain was undone. */
    void resume();

    /** Some run may have been taken away: asks now, and not only when it is time again. */
    void look();

    /** Gives up the lease: nothing is owned any more. */
    void release();

    /** Receives claims and losses, and executes the claimed runs. Called on any thread; must not block. */
    interface ClaimListener {
        void claimed(Claimed claimed);

        /** Called when another pod owns the run, so that all claims of this pod up to this epoch are void. */
        void fenced(UUID run, int epoch);

        /** The lease was lost: everything owned so far is another's. */
        void lost();

        /** The lease is not sure any more: begin nothing, read nothing more from upstream. */
        void suspended();

        /** The lease is sure again, and was never lost. */
        void resumed();

        /** Returns the runs being executed, each with the epoch of its claim. */
        Map<UUID, Integer> owned();
    }
}
