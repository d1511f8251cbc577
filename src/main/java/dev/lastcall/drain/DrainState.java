package dev.lastcall.drain;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The stages of a drain. A state offers only its legal successors; everything else is a defect of the caller. */
public enum DrainState {
    SERVING,
    LAME_DUCK,
    DRAINING,
    CANCELLING,
    DRAINED,
    RELEASING,
    STOPPED;

    /** The states that may follow this one. {@code SERVING → DRAINING} is {@code sigint}, which has no lame duck. */
    public Set<DrainState> successors() {
        return switch (this) {
            case SERVING -> EnumSet.of(LAME_DUCK, DRAINING);
            case LAME_DUCK -> EnumSet.of(DRAINING, SERVING);
            case DRAINING -> EnumSet.of(CANCELLING, DRAINED, SERVING);
            case CANCELLING -> EnumSet.of(DRAINED);
            case DRAINED -> EnumSet.of(RELEASING, SERVING);
            case RELEASING -> EnumSet.of(STOPPED);
            case STOPPED -> EnumSet.noneOf(DrainState.class);
        };
    }

    /** Returns {@code next}, or throws {@link IllegalStateException} naming both states where the step is not legal. */
    DrainState become(DrainState next) {
        if (!successors().contains(next)) {
            throw new IllegalStateException(
                    "drain: " + this + " → " + next + " (expected: one of " + successors() + ")");
        }
        return next;
    }

    /** Whether the drain is still on its way to {@link #DRAINED}. */
    public boolean isUnderWay() {
        return this == LAME_DUCK || this == DRAINING || this == CANCELLING;
    }

    /** The tag value in metrics and JSON: {@code lame-duck}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
