package dev.lastcall.fleet;

import dev.lastcall.drain.DrainView;
import dev.lastcall.drain.Trigger;
import java.time.Instant;
import java.util.Optional;

/**
 * A process' sign of life, by which others can tell what became of the process when it is silent.
 *
 * @param generation of its drain, or of the next one
 * @param trigger the first one of its drain, or {@code none}
 * @param since its drain began, or the process
 */
record ProcessSign(Identity identity, long generation, String state, String trigger, long inFlight, Instant since) {
    static ProcessSign of(Identity identity, DrainView view, Instant started) {
        return new ProcessSign(
                identity,
                view.generation(),
                view.state().key(),
                view.triggers().stream().findFirst().map(Trigger::key).orElse(DrainCount.NO_TRIGGER),
                view.inFlight().values().stream().mapToLong(Long::longValue).sum(),
                Optional.ofNullable(view.startedAt()).orElse(started));
    }
}
