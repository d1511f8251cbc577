package dev.lastcall.rehearsal.pod;

import java.time.Duration;

/**
 * Something that happened to a pod.
 *
 * @param at since the rehearsal's start
 * @param detail may be empty
 */
public record PodEvent(Kind kind, Duration at, String detail) {
    /** The kinds of events, in the order of a pod's life. */
    public enum Kind {
        /** Its process was started. */
        STARTED("started"),
        /** Its readiness probe succeeded. */
        READY("ready"),
        /** Its readiness probe failed as often as its threshold says. */
        UNREADY("not ready"),
        /** The API server was told to delete it: preStop and the withdrawal begin. */
        ENDING("end begins"),
        /** The first node has withdrawn it. */
        FIRST_WITHDRAWN("withdrawn by the first node"),
        /** The last node has withdrawn it. */
        WITHDRAWN("withdrawn"),
        /** Its preStop hook has ended, or its grace period has. */
        PRE_STOP_ENDED("preStop ended"),
        /** SIGTERM was sent to its main process. */
        TERM_SENT("SIGTERM"),
        /** SIGTERM was left out, since Linux does not deliver it to a PID 1 without a handler. */
        TERM_WITHOUT_HANDLER("SIGTERM without a handler"),
        /** SIGKILL was sent to all its processes. */
        KILL_SENT("SIGKILL"),
        /** Its main process has ended. */
        EXITED("exit");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** Returns the event as reports name it. */
        public String words() {
            return words;
        }
    }
}
