package dev.lastcall.kubernetes;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jboss.logging.Logger;

/** Whether the watch is connected, for metric, console and log; each cause is logged once, as long as it is the same. Thread-safe. */
final class WatchStatus {
    private static final Logger LOG = Logger.getLogger("dev.lastcall.kubernetes");

    /** A server that restarts refuses for a moment, and every pod would tell of it. */
    private static final int UNREMARKABLE = 3;

    private final String pod;
    private volatile boolean connected;
    private volatile String word = "connecting";
    private volatile Instant since = Instant.now();
    private String logged = "";
    private boolean everConnected;

    WatchStatus(String pod) {
        this.pod = pod;
    }

    /** This pod's name; empty where it is not known. */
    String pod() {
        return pod;
    }

    boolean isConnected() {
        return connected;
    }

    /** The cells of the row: pod, state, since when. */
    List<String> row() {
        return List.of(pod, word, since.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    synchronized void connected() {
        boolean told = !everConnected || !logged.isEmpty();
        set(true, "connected");
        everConnected = true;
        logged = "";
        if (told) {
            LOG.infof("the API server tells this pod of its end pod=%s", pod);
        }
    }

    /** @param failures in a row; refusals are told at the first */
    synchronized void lost(String cause, int failures, boolean refusal) {
        set(false, cause);
        if ((refusal || failures >= UNREMARKABLE) && !cause.equals(logged)) {
            logged = cause;
            LOG.warnf(
                    "the API server does not tell this pod of its end: %s; preStop and signals start the drain as without the watch pod=%s",
                    cause, pod);
        }
    }

    synchronized void ended() {
        set(false, "the pod ends");
    }

    private void set(boolean now, String why) {
        if (now != connected || !why.equals(word)) {
            since = Instant.now();
        }
        connected = now;
        word = why;
    }
}
