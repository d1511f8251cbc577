package dev.lastcall.drain;

import java.util.Optional;

/** The implementation of {@link DrainControl}, through which application code uses the engine. Thread-safe. */
@Internal
public final class EngineControl implements DrainControl {
    private static final String ASKED_BY = "application";

    private final Drain drain;
    private final InFlight inFlight;

    /** Of this engine. */
    public EngineControl(Drain drain, InFlight inFlight) {
        this.drain = drain;
        this.inFlight = inFlight;
    }

    @Override
    public DrainState state() {
        return drain.state();
    }

    @Override
    public Optional<CountedWork> begin(String name) {
        Admission admission = inFlight.admit(new Named(name), EntryClass.RUN, false);
        return admission instanceof Entry entry ? Optional.of(new CountedWork(entry)) : Optional.empty();
    }

    @Override
    public void drain(String reason) {
        String kept = reason.substring(0, Math.min(reason.length(), DrainRequest.LONGEST_REASON));
        drain.trigger(Trigger.OPERATOR, new DrainRequest(ASKED_BY, kept));
    }

    @Override
    public boolean undrain() {
        return drain.undrain() instanceof Undrain.Undone;
    }

    /** Nobody can end a thread by force: the work counts as cut, and ends with the process. */
    private record Named(String path) implements Work {
        @Override
        public String method() {
            return "begin";
        }

        @Override
        public void cut() {}
    }
}
