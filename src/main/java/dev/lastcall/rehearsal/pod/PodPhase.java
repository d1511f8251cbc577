package dev.lastcall.rehearsal.pod;

/** The state of a pod at a moment, as its clients see it. */
public enum PodPhase {
    /** Started and not ready. */
    STARTING("starting"),
    /** Ready, and an endpoint. */
    SERVING("serving"),
    /** Its end has begun, and some node still sends it new connections. */
    TERMINATING("terminating"),
    /** Its end has begun, and no node sends it new connections any more. */
    WITHDRAWN("withdrawn"),
    /** SIGKILL was sent to it. */
    KILLED("killed"),
    /** Its main process has ended by itself. */
    GONE("gone");

    private final String words;

    PodPhase(String words) {
        this.words = words;
    }

    /** Returns the phase as reports name it. */
    public String words() {
        return words;
    }
}
