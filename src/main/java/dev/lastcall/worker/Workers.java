package dev.lastcall.worker;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.Note;
import dev.lastcall.drain.ReleaseSteps;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/** The group of workers: they run while the pod serves. Thread-safe. */
@Singleton
final class Workers {
    private final List<Loop> loops;

    Workers(@All List<Worker> workers) {
        loops = workers.stream().map(Loop::new).toList();
    }

    void start(@Observes StartupEvent started, Drain drain, ReleaseSteps steps) {
        loops.forEach(loop -> steps.register(new Finish(loop)));
        drain.subscribe(this::noted);
        loops.forEach(Loop::begin);
    }

    private void noted(Note note) {
        if (note.event() == Note.Event.UNDRAIN) {
            loops.forEach(Loop::begin);
        } else if (note.event() == Note.Event.TRIGGER) {
            loops.forEach(Loop::tell);
        }
    }
}
