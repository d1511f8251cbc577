package dev.lastcall.rehearsal.pod;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events of one pod, in order. Thread-safe. */
public final class PodHistory {
    private final String pod;
    private final List<PodEvent> events = new ArrayList<>();

    /** Begins an empty history. */
    public PodHistory(String pod) {
        this.pod = pod;
    }

    /** Returns the pod's name. */
    public String pod() {
        return pod;
    }

    synchronized void add(PodEvent event) {
        events.add(event);
    }

    /** Adds an event that others than the pod decide on. */
    public void add(PodEvent.Kind kind, Duration at, String detail) {
        add(new PodEvent(kind, at, detail));
    }

    /** Returns all events. */
    public synchronized List<PodEvent> events() {
        return List.copyOf(events);
    }

    /** The first event of a kind. */
    public synchronized Optional<PodEvent> first(PodEvent.Kind kind) {
        return events.stream().filter(each -> each.kind() == kind).findFirst();
    }

    /** Returns when the first event of a kind was. */
    public Optional<Duration> at(PodEvent.Kind kind) {
        return first(kind).map(PodEvent::at);
    }

    /** The phase the pod was in at a moment. */
    public PodPhase phaseAt(Duration moment) {
        PodPhase phase = PodPhase.STARTING;
        for (PodEvent event : events()) {
            if (event.at().compareTo(moment) > 0) {
                break;
            }
            phase = next(phase, event.kind());
        }
        return phase;
    }

    private static PodPhase next(PodPhase phase, PodEvent.Kind kind) {
        return switch (kind) {
            case READY -> phase == PodPhase.STARTING ? PodPhase.SERVING : phase;
            case UNREADY -> phase == PodPhase.SERVING ? PodPhase.STARTING : phase;
            case ENDING -> PodPhase.TERMINATING;
            case WITHDRAWN -> phase == PodPhase.TERMINATING ? PodPhase.WITHDRAWN : phase;
            case KILL_SENT -> phase == PodPhase.GONE ? phase : PodPhase.KILLED;
            case EXITED -> phase == PodPhase.KILLED ? phase : PodPhase.GONE;
            default -> phase;
        };
    }
}
