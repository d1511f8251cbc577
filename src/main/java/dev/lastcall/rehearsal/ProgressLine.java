package dev.lastcall.rehearsal;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says how far a rehearsal is: one line that is written over on a terminal, one line now and then elsewhere. Thread-safe. */
final class ProgressLine {
    private static final int EVERY = 10;

    private final PrintStream out;
    private final boolean terminal;
    private @Nullable Supplier<String> text;
    private int ticks;
    private int shown;

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Says something that stays. */
    synchronized void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Shows this from now on. */
    synchronized void follow(Supplier<String> progress) {
        text = progress;
        ticks = 0;
    }

    /** Shows it again; called once a second. */
    synchronized void tick() {
        Supplier<String> current = text;
        if (current == null) {
            return;
        }
        if (terminal) {
            String line = current.get();
            out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
            shown = line.length();
        } else if (++ticks % EVERY == 0) {
            out.println(current.get());
        }
        out.flush();
    }

    /** Takes the line away. */
    synchronized void end() {
        clear();
        text = null;
    }

    private void clear() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }
}
