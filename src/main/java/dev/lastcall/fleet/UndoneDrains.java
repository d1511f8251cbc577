package dev.lastcall.fleet;

import dev.lastcall.drain.DrainListener;
import dev.lastcall.drain.Note;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Collects the notes of a drain and hands them over where it is undone: by then the drain itself shows the next one. Only the engine's timer
 * thread calls it, so it needs no lock.
 */
public final class UndoneDrains implements DrainListener {
    private final Consumer<List<Note>> receiver;
    private List<Note> notes = new ArrayList<>();

    /** @param receiver gets all notes of an undone drain, the one that tells of its undoing last; must not block */
    public UndoneDrains(Consumer<List<Note>> receiver) {
        this.receiver = receiver;
    }

    @Override
    public void noted(Note note) {
        notes.add(note);
        if (note.event() == Note.Event.UNDRAIN) {
            List<Note> whole = List.copyOf(notes);
            notes = new ArrayList<>();
            receiver.accept(whole);
        }
    }
}
