package dev.lastcall.rehearsal.pod;

/** Learns what becomes of pods. All calls come from the timer's thread. */
public interface PodListener {
    /** It is ready, or ready again. */
    void ready(RehearsedPod pod);

    /** It was ready and is not any more. */
    void unready(RehearsedPod pod);

    /** Its end has begun, and its readiness probe fails now. */
    void unserving(RehearsedPod pod);

    /** Its main process has ended after its end began. */
    void gone(RehearsedPod pod);

    /** It did not become ready, or ended without being told to. */
    void failed(RehearsedPod pod, String why);
}
